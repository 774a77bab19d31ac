"""A rendered text as e-mail shows it: branded HTML that holds in narrow and dark clients.

The HTML is made from the checked text alone, paragraph by paragraph, so what the guard read
is what the recipient reads. The template's styles are put inline once, when it is compiled.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from urllib.parse import quote

import css_inline
import jinja2

from campaigns.model.facts import Facts
from campaigns.model.locales import direction
from campaigns.model.message import Message
from campaigns.model.text import CohortText, Rendered

SUBJECT_LIMIT = 250  # characters; RFC 5322 lines may have 998 octets, Thai takes three each
HTML_LIMIT = 100_000  # bytes; Gmail clips what is longer than 102 kB


@dataclass(frozen=True, slots=True)
class _Words:
    """The few words the frame itself says in a language."""

    answer: str
    leave: str


_WORDS = {
    "en": _Words(answer="Reply YES", leave="Unsubscribe"),
    "th": _Words(answer="ตอบ YES", leave="ยกเลิกการรับอีเมล"),
}


def dress(
    text: CohortText, rendered: Rendered, facts: Facts, *, brand: str, reply_to: str | None = None
) -> str:
    """Return the HTML of a rendered text.

    `brand` stands in the head band. With `reply_to` a text that asks for a YES gets a button
    that opens the answer. A text that lost its way out in an edit gets it in the footer.
    """
    language = text.cohort.language
    words = _words(text)
    leave = facts.unsubscribe_url
    paragraphs = [p for p in rendered.text.split("\n\n") if p.strip()]
    small = [p for p in paragraphs if leave and leave in p]
    return _page().render(
        language=language,
        direction=direction(language),
        subject=rendered.subject,
        preheader=rendered.preheader,
        brand=brand,
        paragraphs=[p.split("\n") for p in paragraphs if p not in small],
        small=" ".join(p.replace(leave, "").strip() for p in small) if leave else "",
        words=words,
        leave=leave,
        answer=_answer(rendered, reply_to),
    )


def _words(text: CohortText) -> _Words:
    """Return the frame's words: the house's, or those that came with a text in another language."""
    house = _WORDS.get(text.cohort.language, _WORDS["en"])
    own = text.phrases
    return _Words(answer=own.get("button", house.answer), leave=own.get("leave", house.leave))


def _answer(rendered: Rendered, reply_to: str | None) -> str | None:
    """Return the link that opens an answer with YES in it."""
    if reply_to is None or "YES" not in rendered.text:
        return None
    return f"mailto:{quote(reply_to, safe='@')}?subject={quote('Re: ' + rendered.subject)}&body=YES"


@cache
def _page() -> jinja2.Template:
    source = (resources.files("campaigns.channels.email") / "message.html.j2").read_text("utf-8")
    inliner = css_inline.CSSInliner(
        keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False
    )
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    return environment.from_string(inliner.inline(source))


def problem(message: Message) -> str | None:
    """Return why this message's form would be refused or mangled on its way, or None."""
    if not message.subject.strip():
        return "The subject is empty."
    if any(not c.isprintable() for c in message.subject):
        return "The subject has a line break or another control character."
    if len(message.subject) > SUBJECT_LIMIT:
        return f"The subject has {len(message.subject)} characters; {SUBJECT_LIMIT} fit."
    if not message.text.strip() or not (message.html or message.answer):
        return "The e-mail has no text or no HTML part."
    if len((message.html or message.text).encode()) > HTML_LIMIT:
        return "The mail is longer than 100 kB; Gmail would cut it off."
    return None
