"""WhatsApp's dress: parameters of a template whose filled body is the text."""

from dataclasses import replace
from itertools import product

import pytest
from tests.ai.texts.world import facts, library_text

from campaigns.ai.embedded.texts import TextLibrary
from campaigns.channels.whatsapp.dress import BODY_LIMIT, body, dress, problem
from campaigns.flow.compose import render
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message, Template
from campaigns.model.plan import CampaignType, Tone

TEXT = library_text()


def filled(slotted: str, values: dict[str, str]) -> str:
    """What Meta makes of a body and its parameters."""
    for slot, value in values.items():
        slotted = slotted.replace(f"{{{{{slot}}}}}", value)
    return slotted


def message(**changed) -> Message:
    known = facts()
    rendered = render(TEXT, known)
    return Message(
        **{
            "id": MessageId("m1"),
            "campaign_id": CampaignId("p1"),
            "customer_id": known.customer_id,
            "customer": known.customer,
            "contact_id": known.contact_id,
            "contact": known.contact,
            "channel": Channel.WHATSAPP,
            "address": "+66000000001",
            "cohort": TEXT.cohort.key,
            "language": "en",
            "text": rendered.text,
            "template": dress(TEXT, rendered),
            "facts": known,
            **changed,
        }
    )


def test_the_text_is_the_body_with_the_parameters_filled() -> None:
    rendered = render(TEXT, facts())
    template = dress(TEXT, rendered)
    assert template.language == "en"
    assert template.parameters["greeting"] == "Rudolf"
    assert filled(body(rendered), dict(template.parameters)) == rendered.text
    assert body(rendered).startswith("Hi {{greeting}},\n\nYour {{customer}} music service")


def test_equal_bodies_share_a_name_and_another_body_never_does() -> None:
    first, second = (dress(TEXT, render(TEXT, facts(greeting=g))) for g in ("Rudolf", "Mia"))
    bare = dress(TEXT, render(TEXT, facts(price_per_zone=None, total=None)))
    assert first.name == second.name
    assert first.name.startswith("renewal_formal_a_")
    assert bare.name != first.name


def test_words_changed_by_hand_are_another_template_with_the_values_still_parameters() -> None:
    rendered = render(TEXT, facts())
    edited = replace(rendered, text=f"Good day! {rendered.text} See you soon.", body="")
    template = dress(TEXT, edited)
    assert template.name != dress(TEXT, rendered).name
    assert template.parameters == dress(TEXT, rendered).parameters
    assert filled(body(edited), dict(template.parameters)) == edited.text
    assert problem(message(text=edited.text, template=template)) is None


def test_a_value_at_the_edge_of_changed_words_stays_words() -> None:
    edited = replace(render(TEXT, facts()), text="Rudolf, thank you, Rudolf", body="")
    template = dress(TEXT, edited)
    assert body(edited) == edited.text
    assert template.parameters == {}


def test_a_message_without_a_template_is_refused() -> None:
    found = problem(message(template=None))
    assert found is not None
    assert "approved templates only" in found


def test_every_library_text_makes_a_form_whatsapp_takes() -> None:
    occasions = ("", *TextLibrary().occasions())
    for type_, tone, language in product(CampaignType, Tone, ("en", "th")):
        for occasion in occasions if type_ is CampaignType.SEASONAL else ("",):
            text = library_text(type_, tone, language, occasion=occasion, topic="new playlists")
            rendered = render(text, facts())
            template = dress(text, rendered)
            whole = message(text=rendered.text, template=template)
            assert problem(whole) is None, (text.cohort.key, problem(whole))
            assert len(rendered.text) <= BODY_LIMIT * 0.6, "room for long names"


def test_many_long_zones_still_fit() -> None:
    names = tuple(f"Grand Convention Ballroom {n}" for n in range(45))
    rendered = render(TEXT, facts(zone_names=names, zone_count=45))
    assert problem(message(text=rendered.text, template=dress(TEXT, rendered))) is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("a\nb", "line break"),
        ("a\tb", "line break, a tab"),
        ("a     b", "more than four spaces"),
    ],
)
def test_a_parameter_meta_refuses_is_named(value: str, reason: str) -> None:
    template = Template(name="t", language="en", parameters={"customer": value})
    found = problem(message(template=template))
    assert found is not None
    assert "'customer'" in found
    assert reason in found


def test_a_body_over_the_limit_is_named() -> None:
    template = Template(name="t", language="en", parameters={"customer": "x"})
    found = problem(message(text="Hi " + "x" * 1100 + ".", template=template))
    assert found is not None
    assert "1024" in found


@pytest.mark.parametrize("text", ["Rudolf, hello.", "Hello Rudolf"])
def test_a_body_that_begins_or_ends_with_a_parameter_is_named(text: str) -> None:
    template = Template(name="t", language="en", parameters={"greeting": "Rudolf"})
    found = problem(message(text=text, template=template))
    assert found is not None
    assert "begins or ends" in found


def test_a_template_name_meta_refuses_is_named() -> None:
    template = Template(name="Bad Name", language="en", parameters={})
    assert "'Bad Name'" in (problem(message(template=template)) or "")
