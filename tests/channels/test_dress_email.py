"""E-mail's dress: HTML made of the checked text alone, escaped, in its language."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from tests.ai.texts.world import LEAVE, facts, library_text

from campaigns.channels.email.dress import dress, problem
from campaigns.flow.compose import render
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message
from campaigns.model.plan import CampaignType

MAIL = library_text(channel=Channel.EMAIL)


def html(text=MAIL, reply_to: str | None = None, **changed) -> str:
    known = facts(**changed)
    return dress(text, render(text, known), known, brand="BMA Social", reply_to=reply_to)


class Words(HTMLParser):
    """Collects what a reader sees, and every link."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [v for k, v in attrs if k in {"href", "src", "background"} and v]

    def handle_data(self, data: str) -> None:
        self.seen.append(data)


def read(page: str) -> Words:
    words = Words()
    words.feed(page)
    return words


def test_every_line_of_the_text_is_in_the_page_in_order() -> None:
    known = facts()
    seen = " ".join(" ".join(read(html()).seen).split())
    at = 0
    for line in render(MAIL, known).text.replace(LEAVE, "").splitlines():
        at = seen.index(line.strip(), at)


def test_the_page_has_no_link_but_the_way_out() -> None:
    assert set(read(html()).links) == {LEAVE}


def test_a_button_opens_an_answer_with_yes() -> None:
    (link,) = set(read(html(reply_to="hello@bma-social.example")).links) - {LEAVE}
    assert link.startswith("mailto:hello@bma-social.example?subject=Re%3A%20Music%20service")
    assert link.endswith("&body=YES")


def test_a_survey_has_no_yes_button() -> None:
    survey = library_text(CampaignType.SURVEY, channel=Channel.EMAIL)
    assert set(read(html(survey, reply_to="hello@bma-social.example")).links) == {LEAVE}


def test_customers_words_are_escaped_and_never_markup() -> None:
    page = html(customer='<script>alert("x")</script> & <img src=x>')
    assert "script" not in read(page).tags
    assert "img" not in read(page).tags
    assert "&lt;script&gt;" in page


def test_a_subject_cannot_break_out_of_the_title() -> None:
    page = html(customer="</title><h1>x")
    assert "h1" not in read(page).tags


def test_the_language_is_declared() -> None:
    assert '<html lang="en"' in html()
    assert '<html lang="th"' in html(library_text(channel=Channel.EMAIL, language="th"))


def test_the_preheader_comes_before_anything_that_is_shown() -> None:
    page = html()
    assert page.index("What your service covers") < page.index(">BMA Social<")


def test_styles_are_inline_and_only_media_rules_are_left_in_the_head() -> None:
    page = html()
    left = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert all(block.strip().startswith("@media") for block in left)
    assert "prefers-color-scheme: dark" in page
    assert page.count('style="') > 8
    assert "{{" not in page
    assert "{%" not in page


def test_a_text_that_lost_its_way_out_gets_it_in_the_footer() -> None:
    known = facts()
    edited = replace(render(MAIL, known), text="Dear Rudolf,\n\nHello & <b>bye</b>.")
    page = dress(MAIL, edited, known, brand="BMA Social")
    assert set(read(page).links) == {LEAVE}
    assert "Hello &amp; &lt;b&gt;bye&lt;/b&gt;." in page


def message(**changed) -> Message:
    known = facts()
    rendered = render(MAIL, known)
    return Message(
        **{
            "id": MessageId("m1"),
            "campaign_id": CampaignId("p1"),
            "customer_id": known.customer_id,
            "customer": known.customer,
            "contact_id": known.contact_id,
            "contact": known.contact,
            "channel": Channel.EMAIL,
            "address": "gm@hilton-pattaya.example",
            "cohort": MAIL.cohort.key,
            "language": "en",
            "text": rendered.text,
            "subject": rendered.subject,
            "html": html(),
            "facts": known,
            **changed,
        }
    )


def test_a_library_mail_has_no_problem() -> None:
    assert problem(message()) is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"subject": " "}, "The subject is empty."),
        ({"subject": "a\r\nBcc: x@y.example"}, "line break"),
        ({"subject": "x" * 251}, "251 characters"),
        ({"html": None}, "no text or no HTML"),
        ({"text": "\n"}, "no text or no HTML"),
        ({"html": "x" * 100_001}, "100 kB"),
    ],
)
def test_a_form_that_would_be_refused_is_named(changed: dict[str, object], reason: str) -> None:
    found = problem(message(**changed))
    assert found is not None
    assert reason in found
