"""Settings: a malformed one stops the start with its name; secrets are never shown."""

from datetime import date

import pytest

from campaigns import settings
from campaigns.model.customer import Channel
from campaigns.model.delivery import WarmUp
from campaigns.model.errors import SettingInvalid


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CAMPAIGNS_SEND_WINDOW", "9-5"),
        ("CAMPAIGNS_TIMEZONE", "Mars/Olympus"),
        ("SMTP_PORT", "lots"),
        ("CAMPAIGNS_SMTP_SECURITY", "ssl"),
        ("CAMPAIGNS_SIMULATE", "pigeon"),
        ("CAMPAIGNS_EMAIL_PER_HOUR", "-1"),
        ("CAMPAIGNS_PUBLIC_URL", "campaigns.example.com"),
        ("CAMPAIGNS_TODAY", "tomorrow"),
        ("CAMPAIGNS_DATABASE_URL", "mysql://campaigns:secret@db.example/campaigns"),
        ("CAMPAIGNS_HIGH_VALUE", "200000"),
        ("CAMPAIGNS_HIGH_VALUE", "THB=200,000"),
        ("CAMPAIGNS_HIGH_VALUE", "THB=0"),
        ("CAMPAIGNS_HIGH_VALUE", "THB=1,THB=2"),
        ("CAMPAIGNS_WARM_UP", "email=50/100"),
        ("CAMPAIGNS_WARM_UP", "email=2025-09-31:50"),
        ("CAMPAIGNS_WARM_UP", "email=2025-09-15:0/10"),
        ("CAMPAIGNS_WARM_UP", "fax=2025-09-15:50"),
        ("CAMPAIGNS_WARM_UP", "email=2025-09-15:50,email=2025-09-16:60"),
    ],
)
def test_a_malformed_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingInvalid, match=name) as told:
        settings.read()
    assert "secret" not in str(told.value)


def test_unprotected_mail_is_for_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPAIGNS_SMTP_SECURITY", "none")
    monkeypatch.setenv("SMTP_SERVER", "mail.example.com")
    with pytest.raises(SettingInvalid, match="this machine only"):
        settings.read()
    monkeypatch.setenv("SMTP_SERVER", "127.0.0.1")
    assert settings.read().smtp_server == "127.0.0.1"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("all", set(Channel)),
        ("1", set(Channel)),
        ("whatsapp, LINE", {Channel.WHATSAPP, Channel.LINE}),
        ("", set()),
    ],
)
def test_channels_to_simulate_are_named_or_all(
    monkeypatch: pytest.MonkeyPatch, value: str, expected: set[Channel]
) -> None:
    monkeypatch.setenv("CAMPAIGNS_SIMULATE", value)
    assert settings.read().campaigns_simulate == expected


def test_an_option_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPAIGNS_TODAY", "2025-01-01")
    assert str(settings.read(campaigns_today="2025-09-15").campaigns_today) == "2025-09-15"
    assert str(settings.read(campaigns_today=None).campaigns_today) == "2025-01-01"


def test_settings_print_with_secrets_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPAIGN_EMAIL_PASSWORD", "a-long-password-1234")
    monkeypatch.setenv("CAMPAIGNS_DATABASE_URL", "postgresql://me:hidden@db/x")
    shown = settings.read().shown()
    assert shown["CAMPAIGN_EMAIL_PASSWORD"] == "set, ends 1234"
    assert "a-long" not in str(shown)
    assert "hidden" not in str(shown)
    assert "hidden" not in repr(settings.read())


def test_a_warm_up_is_read_and_shown_as_it_is_written() -> None:
    given = "email=2025-09-15:50/100,line = 2025-10-01: 20"
    found = settings.read(campaigns_warm_up=given).campaigns_warm_up
    assert found == {
        Channel.EMAIL: WarmUp(starts_on=date(2025, 9, 15), daily=(50, 100)),
        Channel.LINE: WarmUp(starts_on=date(2025, 10, 1), daily=(20,)),
    }
    shown = settings.read(campaigns_warm_up=given).shown()["CAMPAIGNS_WARM_UP"]
    assert shown == "email=2025-09-15:50/100,line=2025-10-01:20"
