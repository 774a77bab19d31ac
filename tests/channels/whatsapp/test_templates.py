"""Templates: Meta's rules checked here first, then submitted and listed over real HTTP."""

import random
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.providers import BODY, BUTTONS, RENEWAL, Switchboard, meta
from tests.support.sending import NOON, HandClock

from campaigns.channels.simulator.http import WhatsAppSimulator
from campaigns.channels.whatsapp import payload, rules
from campaigns.channels.whatsapp.management import GraphTemplates, Management, creation
from campaigns.model.errors import ProviderRefused
from campaigns.model.plan import CampaignType
from campaigns.model.template import (
    SENDABLE,
    KnownTemplate,
    TemplateCategory,
    TemplateNews,
    TemplateSpec,
    TemplateStatus,
    WantedTemplate,
)

SPEC = TemplateSpec(
    name="renewal_warm_a_00ff00ff",
    language="en",
    category=TemplateCategory.MARKETING,
    body=BODY,
    examples={"greeting": "Somchai", "zones": "the lobby", "expiry": "31 October"},
    buttons=BUTTONS,
)
WANTED = WantedTemplate(name="renewal_warm_a_00ff00ff", language="en", body=BODY, purpose="renewal")


@pytest.fixture
def peer(board: Switchboard, clock: HandClock) -> WhatsAppSimulator:
    simulator = meta(clock)
    board.app = simulator.app
    return simulator


@pytest.fixture
def api(board: Switchboard, peer: WhatsAppSimulator) -> GraphTemplates:
    return at(board.url)


def at(url: str, **more: object) -> GraphTemplates:
    own = {
        "base_url": f"{url}/v23.0",
        "token": "simulated-token",
        "business_account_id": "102290129340398",
    }
    return GraphTemplates(Management(**own | more))


# --- the rules -------------------------------------------------------------------------------------


def test_a_good_template_breaks_no_rule() -> None:
    assert rules.faults(SPEC) == ()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": "Renewal-1"}, "may hold small letters"),
        ({"name": "x" * 513}, "may hold small letters"),
        ({"language": "english"}, "no language code"),
        ({"body": "  "}, "empty"),
        ({"body": "a" * 1025, "examples": {}}, "1025 characters"),
        ({"body": "One.\n\n\nTwo.", "examples": {}}, "more than one empty line"),
        ({"body": "Hi {name}, hello there", "examples": {}}, "brace"),
        ({"body": "{{greeting}}, your service for the whole house ends."}, "2388299"),
        ({"body": "Your service for the whole house ends on {{expiry}}"}, "2388299"),
        ({"body": "Your service ends on {{expiry}}\n"}, "2388299"),
        ({"body": "Dear friend, see {{zones}} {{expiry}} and more of the same"}, "side by side"),
        ({"body": "A {{greeting}} b {{zones}} c {{expiry}} d"}, "2388293"),
        (
            {"body": "Dear Sir, our service costs {{#price}} in total, all year."},
            "'#price' may hold",
        ),
        ({"body": "Dear Sir, our service costs {{price}} in total, all year."}, "no example"),
        ({"examples": SPEC.examples | {"zones": "a\nb"}}, "line break"),
        ({"buttons": tuple(f"b{n}" for n in range(11))}, "11 buttons"),
        ({"buttons": ("Yes", "Yes")}, "say the same"),
        ({"buttons": ("x" * 26,)}, "1 to 25"),
        ({"buttons": ("",)}, "1 to 25"),
        ({"buttons": ("Hi {{greeting}}",)}, "neither a variable"),
    ],
)
def test_each_rule_of_metas_is_checked_before_anything_is_submitted(
    changes: dict[str, object], fault: str
) -> None:
    assert fault in " / ".join(rules.faults(replace(SPEC, **changes)))


@pytest.mark.parametrize("language", ["en", "th"])
@pytest.mark.parametrize("purpose", [t.value for t in CampaignType])
def test_buttons_of_every_campaign_type_keep_the_rules_and_come_back_as_keys(
    purpose: str, language: str
) -> None:
    labels = payload.labels_for(purpose, language)
    assert "STOP" in [payload.key_of(label) for label in labels]
    assert rules.faults(replace(SPEC, buttons=labels)) == ()


def test_another_language_has_no_buttons_of_ours() -> None:
    assert payload.labels_for("renewal", "fr") == ()


@given(
    message_id=st.text("abc0123456789_", min_size=1, max_size=30),
    key=st.text(min_size=1, max_size=25),
)
def test_a_payload_gives_back_what_it_was_made_of(message_id: str, key: str) -> None:
    assert payload.unbound(payload.bound(message_id, key)) == (message_id, key)
    assert len(payload.bound(message_id, key)) <= 128


# --- at Meta ---------------------------------------------------------------------------------------


def test_a_wanted_template_becomes_a_whole_one_with_invented_examples(api: GraphTemplates) -> None:
    spec = api.spec(WANTED)
    assert spec.category is TemplateCategory.MARKETING
    assert spec.buttons == ("Yes", "Please call me", "Stop promotions")
    assert set(spec.examples) == {"greeting", "zones", "expiry"}
    assert api.faults(spec) == ()


def test_a_submitted_template_is_approved_and_listed(
    api: GraphTemplates, peer: WhatsAppSimulator
) -> None:
    made = api.create(api.spec(WANTED))
    assert made.status is TemplateStatus.APPROVED
    listed = {news.name: news for news in api.list()}
    assert set(listed) == {RENEWAL.name, WANTED.name}
    assert listed[WANTED.name].body == BODY
    assert listed[WANTED.name].buttons == ("Yes", "Please call me", "Stop promotions")
    assert listed[WANTED.name].category is TemplateCategory.MARKETING


def test_what_is_submitted_is_what_the_documentation_shows() -> None:
    assert creation(replace(SPEC, body="Hi {{greeting}}, hello.", examples={"greeting": "S"})) == {
        "name": SPEC.name,
        "language": "en",
        "category": "MARKETING",
        "parameter_format": "NAMED",
        "components": [
            {
                "type": "BODY",
                "text": "Hi {{greeting}}, hello.",
                "example": {"body_text_named_params": [{"param_name": "greeting", "example": "S"}]},
            },
            {
                "type": "BUTTONS",
                "buttons": [{"type": "QUICK_REPLY", "text": label} for label in BUTTONS],
            },
        ],
    }


def test_a_list_of_many_pages_is_read_to_its_end(
    api: GraphTemplates, peer: WhatsAppSimulator
) -> None:
    for n in range(450):
        peer.register(f"seasonal_{n:03d}", "th", "Hello.")
    assert len(api.list()) == 451


def test_metas_objection_is_told_in_its_words(api: GraphTemplates) -> None:
    api.create(SPEC)
    with pytest.raises(ProviderRefused, match="Already Exists"):
        api.create(SPEC)


def test_a_refused_token_and_a_server_that_is_away_are_told(
    board: Switchboard, peer: WhatsAppSimulator
) -> None:
    with pytest.raises(ProviderRefused, match="code 190"):
        at(board.url, token="old").list()
    with pytest.raises(ProviderRefused, match="cannot be reached"):
        at("http://127.0.0.1:1").list()


@pytest.mark.parametrize("status", [200, 403, 502])
def test_an_answer_that_is_not_metas_is_told_apart(status: int) -> None:
    answers = httpx2.MockTransport(lambda request: httpx2.Response(status, text="<html>"))
    with pytest.raises(ProviderRefused, match="CAMPAIGNS_WHATSAPP_URL"):
        at("http://provider.example", transport=answers).list()


# --- news about a template -------------------------------------------------------------------------

STATUSES = st.none() | st.sampled_from(sorted(TemplateStatus))
CATEGORIES = st.none() | st.sampled_from(sorted(TemplateCategory))
NEWS = st.builds(
    TemplateNews,
    name=st.just("t"),
    language=st.just("en"),
    at=st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours)),
    status=STATUSES,
    category=CATEGORIES,
    quality=st.none() | st.sampled_from(["GREEN", "RED"]),
    reason=st.sampled_from(["", "why"]),
)


@given(news=st.lists(NEWS, max_size=6), seed=st.integers(0, 99))
def test_news_in_any_order_and_repeated_ends_in_the_same_template(
    news: list[TemplateNews], seed: int
) -> None:
    told = KnownTemplate(name="t", language="en")
    for one in news:
        told = told.after(one)
    shuffled = [*news, *news[: len(news) // 2]]
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - hypothesis owns the seed
    again = KnownTemplate(name="t", language="en")
    for one in shuffled:
        again = again.after(one)
    assert again == told


def test_of_two_statuses_at_one_instant_the_one_that_does_not_send_counts() -> None:
    both = [
        TemplateNews(name="t", language="en", at=NOON, status=TemplateStatus.APPROVED),
        TemplateNews(name="t", language="en", at=NOON, status=TemplateStatus.PAUSED),
    ]
    for order in permutations(both):
        told = KnownTemplate(name="t", language="en")
        for one in order:
            told = told.after(one)
        assert told.status is TemplateStatus.PAUSED


@pytest.mark.parametrize("status", sorted(TemplateStatus))
def test_a_template_has_trouble_exactly_when_it_may_not_be_sent(status: TemplateStatus) -> None:
    known = KnownTemplate(name="t", language="en", status=status, reason="low quality")
    assert (known.trouble is None) == (status in SENDABLE)
    if known.trouble:
        assert "t (en)" in known.trouble
        assert "low quality" in known.trouble


def test_a_template_we_stopped_and_one_meta_moved_have_trouble() -> None:
    fine = KnownTemplate(
        name="t",
        language="en",
        status=TemplateStatus.APPROVED,
        category=TemplateCategory.UTILITY,
        submitted_as=TemplateCategory.UTILITY,
    )
    assert fine.trouble is None
    assert "stopped" in str(replace(fine, stopped="wrong parameters").trouble)
    moved = replace(fine, category=TemplateCategory.MARKETING)
    assert "marketing" in str(moved.trouble)
    assert replace(moved, submitted_as=None).trouble is None  # not ours: nobody was promised
