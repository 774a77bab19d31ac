"""What becomes of a written message: other words, a source for its claims, a reserve."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from campaigns.flow import guard
from campaigns.flow.variants import reworded as in_own_words
from campaigns.model.errors import WrongState
from campaigns.model.message import Check, Findings, Message, MessageStatus
from campaigns.model.text import CohortText, Rendered
from campaigns.model.variant import Variant

# What no record can decide: a person may name the source instead.
NEEDS_SOURCE = frozenset({"claim", "statement", "wording", "negation", "name", "language"})


def with_reserves(message: Message, after: Sequence[Message]) -> Message:
    """Return a message with others in reserve, each the next one's, in this order.

    One that did not pass its checks is none, and the message's own checks say why.
    """
    kept: Message | None = None
    for reserve in reversed(after):
        if guard.passes(reserve.checks):
            kept = replace(reserve, reserve=kept)
    notes = tuple(_why_none(reserve) for reserve in after if not guard.passes(reserve.checks))
    return replace(message, reserve=kept, checks=(*message.checks, *notes))


def _why_none(reserve: Message) -> Check:
    wrong = next(c for c in reserve.checks if not c.ok)
    why = f"none by {reserve.channel.value}: {wrong.check} {wrong.found or wrong.expected or ''}"
    return Check(check="reserve", ok=True, expected=why)


# Words that state nothing we know of, so their author may answer for them; anything else that the
# guard cannot find in the record needs an approver with a source.
CONFIRMABLE = frozenset({"wording"})


def is_confirmable(check: Check) -> bool:
    """Whether its author may confirm what a check found: plain words, and nothing the record denies."""
    return not check.ok and check.check in CONFIRMABLE and check.expected is None


SUBJECT = (-1, -1)  # where words of the subject stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Words of a message that are looked at: their span, or -1 and -1 for words of the subject."""

    words: str
    start: int
    end: int

    def holds(self, check: Check) -> bool:
        """Whether a check is about these words."""
        if self.start < 0:
            return check.start < 0 and check.found == self.words
        return self.start <= check.start and check.end <= self.end

    def stands_in(self, message: Message) -> bool:
        """Whether the message still says these words at this place."""
        return self.start < 0 or message.text[self.start : self.end] == self.words


def claims_of(
    message: Message | Findings, words: str, found: Collection[str] | None = None
) -> Sequence[Claim]:
    """Return where these words stand in a message and may be confirmed by its author.

    With `found` only where the check found one of those.
    """
    return [
        claim
        for claim in _places(message, words)
        if any(_is_open(c, claim, found) for c in message.checks)
    ]


def found_in(message: Message, words: str) -> frozenset[str]:
    """Return what the check found in these words that their author may answer for, or has."""
    return frozenset(
        c.found
        for claim in _places(message, words)
        for c in message.checks
        if c.found and claim.holds(c) and (is_confirmable(c) or (c.by and c.check in CONFIRMABLE))
    )


def _places(message: Message | Findings, words: str) -> Sequence[Claim]:
    places = [m.span() for m in re.finditer(re.escape(words), message.text)]
    return [Claim(words=words, start=start, end=end) for start, end in (*places, SUBJECT)]


def _is_open(check: Check, claim: Claim, found: Collection[str] | None) -> bool:
    asked = found is None or check.found in found
    return asked and is_confirmable(check) and claim.holds(check)


def sourced(message: Message, source: str, by: str) -> Message:
    """Return a blocked message whose claims a person names the source of.

    Only what the record cannot decide: a figure, a date or a zone that is not the record's
    stays blocked, and so does a broken form.
    """
    return _vouched(
        message,
        [
            replace(c, ok=True, source=source, by=by) if not c.ok and c.check in NEEDS_SOURCE else c
            for c in message.checks
        ],
    )


def confirmed(
    message: Message, claim: Claim, by: str, found: Collection[str] | None = None
) -> Message:
    """Return a message with the words of `claim` confirmed by their author, as far as they may be.

    With `found` only where the check found one of those.
    """
    return _vouched(
        message,
        [
            replace(c, ok=True, source=f"confirmed by {by}", by=by)
            if _is_open(c, claim, found)
            else c
            for c in message.checks
        ],
    )


def confirmed_words(
    message: Message, words: Iterable[str], by: str, found: Collection[str] | None = None
) -> Message:
    """Return a message with these words confirmed by their author wherever it says them."""
    for said in words:
        for claim in claims_of(message, said, found):
            message = confirmed(message, claim, by, found)
    return message


def _vouched(message: Message, checks: Sequence[Check]) -> Message:
    passed = guard.passes(checks)
    return replace(
        message,
        checks=tuple(checks),
        vouched=sum(c.by is not None for c in checks),
        status=MessageStatus.VERIFIED if passed else MessageStatus.BLOCKED,
    )


def reworded(rendered: Rendered, text: str, subject: str) -> Rendered:
    """Return `rendered` with a person's words.

    Where only values changed and the prose around them did not, the values are read back, so
    that the words can still be sent as the same template; else `body` is empty.
    """
    parts = re.split(r"\{([a-z_]+)\}", rendered.body)
    seen: set[str] = set()
    pattern = ""
    for i, part in enumerate(parts):
        if i % 2 == 0:
            pattern += re.escape(part)
        else:
            pattern += f"(?P={part})" if part in seen else f"(?P<{part}>.+?)"
            seen.add(part)
    same = re.fullmatch(pattern, text) if rendered.body else None
    return replace(
        rendered,
        text=text,
        subject=subject,
        body=rendered.body if same else "",
        values=same.groupdict() if same else rendered.values,
    )


def in_words_of(variant: Variant | None, text: CohortText) -> CohortText:
    """Return the writer's text, or the variant's own words in its language, if it has any."""
    if variant is None or variant.words is None:
        return text
    language = text.cohort.language
    if language not in variant.words:
        raise WrongState(
            f"Variant {variant.key} ({variant.name}) has words in "
            f"{', '.join(sorted(variant.words))} only, and somebody in the audience is written "
            f"to in {language}. Add words in {language}, or choose the campaign's language."
        )
    return in_own_words(text, variant.words[language])
