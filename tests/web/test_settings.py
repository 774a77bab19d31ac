"""Settings: templates with what Meta says of them, limits, the cap a week, the warm-up."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import SignIn
from tests.web.houses import PASSWORD, REQUEST, chosen, email_of, notice_after, populate, text_of

from campaigns.api import present
from campaigns.app import create_app
from campaigns.bootstrap import Services, opened
from campaigns.model.access import SYSTEM
from campaigns.model.customer import Channel
from campaigns.model.delivery import WarmUp
from campaigns.model.errors import ProviderRefused
from campaigns.model.template import KnownTemplate, TemplateCategory, TemplateStatus

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
HERE = "/settings/templates"
TOLD = KnownTemplate(
    name="renewal_v1",
    language="en",
    status=TemplateStatus.APPROVED,
    category=TemplateCategory.UTILITY,
    submitted_as=TemplateCategory.UTILITY,
    quality="YELLOW",
    body="Dear {{greeting}}, your contract ends on {{contract_end}}. <b>",
    buttons=("Renew", "Call me"),
)


class Meta:
    """A template API that refuses everything."""

    def list(self) -> list[object]:
        raise ProviderRefused("Meta did not answer. Try again later.")


def keep(house: Services, *templates: KnownTemplate) -> None:
    with house.store.begin() as tx:
        for template in templates:
            tx.templates.put(template)


def test_templates_are_listed_with_their_words_state_and_quality(
    house: Services, signed_in: SignIn
) -> None:
    client = signed_in("viewer")
    house.drafts.create(f"{REQUEST} by WhatsApp", SYSTEM)
    rejected = replace(
        TOLD, name="other_v1", status=TemplateStatus.REJECTED, reason="INVALID_FORMAT", quality=""
    )
    keep(house, TOLD, rejected)
    page = client.get(HERE).text
    words = text_of(page)
    assert "renewal_v1 Approved English, utility Quality medium" in words
    assert "Variables greeting, contract_end" in words
    assert '<mark class="slot">greeting</mark>' in page
    assert "&lt;b&gt;" in page
    assert "Renew Call me" in words
    assert "Rejected" in words
    assert "Is rejected at Meta: INVALID_FORMAT" in words
    assert "Not at Meta yet" in words
    assert "WhatsApp is simulated: every template counts as approved." in words
    assert "Ask Meta now" not in words
    assert "Submit" not in words


def test_meta_is_asked_by_a_button_and_its_refusal_is_shown(
    house: Services, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.templates, "_api", Meta())
    manager, viewer = signed_in("manager"), signed_in("viewer")
    assert "Ask Meta now" in manager.get(HERE).text
    assert "Ask Meta now" not in viewer.get(HERE).text
    assert viewer.post(f"{HERE}/sync", headers=SAME_ORIGIN).status_code == 403
    assert manager.post(f"{HERE}/submit", headers=SAME_ORIGIN).status_code == 403
    asked = manager.post(f"{HERE}/sync", headers=SAME_ORIGIN)
    assert asked.headers["location"] == HERE
    assert notice_after(manager, HERE) == "Meta did not answer. Try again later."


def test_without_an_account_at_meta_the_buttons_say_what_is_missing(signed_in: SignIn) -> None:
    approver = signed_in("approver")
    for call in ("sync", "submit"):
        approver.post(f"{HERE}/{call}", headers=SAME_ORIGIN)
        assert "WhatsApp is simulated" in notice_after(approver, HERE)


def test_a_template_that_meta_recategorised_is_released_by_an_approver(
    house: Services, signed_in: SignIn
) -> None:
    moved = replace(TOLD, name="moved_v1", category=TemplateCategory.MARKETING)
    keep(house, moved)
    assert "Let it be used again" not in signed_in("manager").get(HERE).text
    approver = signed_in("approver")
    page = approver.get(HERE).text
    assert "Meta made it marketing, we submitted it as utility" in text_of(page)
    assert "Let it be used again" in page
    form = {"name": "moved_v1", "language": "en"}
    approver.post(f"{HERE}/release", data=form, headers=SAME_ORIGIN)
    assert notice_after(approver, HERE) == "moved_v1 may be sent again"
    again = approver.post(f"{HERE}/release", data=form, headers=SAME_ORIGIN)
    assert again.status_code == 409


@pytest.fixture(scope="module")
def warming(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, TestClient]]:
    settings = chosen(
        tmp_path_factory.mktemp("warming"),
        campaigns_warm_up="email=2025-09-14:50/100/200,line=2025-09-14:5/9",
        campaigns_most_per_week=2,
        campaigns_days_between=14,
        campaigns_holidays="2025-12-05",
    )
    with opened(settings) as services:
        populate(services)
        with TestClient(create_app(services), follow_redirects=False) as client:
            form = {"email": email_of("viewer"), "password": PASSWORD}
            assert client.post("/login", data=form).status_code == 303
            yield services, client


def test_the_limits_say_what_a_warm_up_allows_today_and_tomorrow(
    warming: tuple[Services, TestClient],
) -> None:
    services, client = warming
    words = text_of(client.get("/settings/limits").text)
    assert (
        "Email warms up, day 2 of 3: at most 100 in 24 hours, 0 used, 100 left. Tomorrow 200."
        in words
    )
    assert "LINE warms up, day 2 of 2: at most 9 in 24 hours" in words
    assert "Tomorrow this cap is over." in words
    assert "at most 2 messages in any seven days" in words
    assert "at least 14 days to one customer" in words
    assert "5 Dec 2025" in words
    told = services.insights.all().warm_ups
    assert {(c, d.day, d.use.limit, d.tomorrow) for c, d in told.items()} == {
        (Channel.EMAIL, 2, 100, 200),
        (Channel.LINE, 2, 9, None),
    }
    assert Channel.WHATSAPP not in told
    limits = present.statistics(services.insights.all())["send_limits"]
    assert limits["whatsapp"]["warm_up"] is None
    assert limits["email"]["warm_up"] == {
        "limit": 100,
        "used": 0,
        "left": 100,
        "window_seconds": 86_400,
        "resets_at": None,
        "day": 2,
        "days": 3,
        "tomorrow": 200,
    }


def test_a_house_without_templates_says_so(warming: tuple[Services, TestClient]) -> None:
    _, client = warming
    words = text_of(client.get(HERE).text)
    assert "No template is known or wanted yet" in words
    assert "Only approvers can change this. Ask " in words


def test_a_warm_up_counts_its_days_from_the_first() -> None:
    warm_up = WarmUp(starts_on=date(2025, 9, 15), daily=(50, 100))
    days = [warm_up.day(date(2025, 9, d)) for d in (14, 15, 16, 17)]
    assert days == [1, 1, 2, None]
