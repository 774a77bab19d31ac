"""A follow-up in words ("also the Marriotts", "not Phuket") as a change of a plan.

The first words say what is done, the rest is read as a request of its own: so an edit knows the
same names, dates and numbers as a request, and what no rule explains changes nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cache

from campaigns.ai.embedded.requests.lists import table
from campaigns.flow.plan import filters_json, wording
from campaigns.model.fold import fold
from campaigns.model.plan import (
    CampaignType,
    Choice,
    Filters,
    Plan,
    Question,
    Revision,
    Understood,
)

Read = Callable[[str], Plan]
HOW = (
    "Say what to add (“also …”), to leave out (“not …”), to keep (“only …”) or to change to "
    "(“make it …”)."
)
_TOO = ("too", "as well", "ด้วย")
_JOINTS = re.compile(r"\s*(?:[,;.]|\band\b|\bbut\b|แต่)\s+")


class Deed(StrEnum):
    """What an edit does with what it names."""

    ADD = "add"
    LEAVE_OUT = "leave_out"
    KEEP = "keep"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class _Edit:
    deed: Deed
    named: str
    words: str
    manner: bool = False  # it may name a channel, language, tone or time, never customers


def revise(plan: Plan, words: str, read: Read) -> Revision:
    """Return what `words` change in `plan`; `read` reads a request by the rules.

    All of the words count or none: where one part is not understood nothing is changed.
    """
    if (exchange := swapped(plan, words, read)) is not None:
        return exchange
    understood: list[Understood] = []
    changed = plan
    polite = table("edits.toml")["polite"]["before"]
    for part in (p for p in _parts(words) if p.strip(" ,").lower() not in polite):
        edit = _opened(part)
        if edit is None:
            return _asked(f"“{part}” is not understood. {HOW}")
        named = _named(edit, read)
        if named is None or (edit.manner and named.filters):
            return _asked(f"“{edit.named or part}” is not understood. {HOW}")
        done = _done(changed, edit, named)
        if isinstance(done, Question):
            return Revision(question=done)
        changed = done
        understood.append(Understood(edit.words, _told(edit.deed, named)))
    if not understood:
        return _asked(HOW)
    return Revision(patch=_patch(plan, changed), understood=tuple(understood))


def _asked(text: str) -> Revision:
    return Revision(question=Question(text))


# --- reading -----------------------------------------------------------------------------------------


@cache
def _openers() -> tuple[tuple[str, Deed], ...]:
    """Return every opening word with its deed, the longest first."""
    data = table("edits.toml")
    found = [(w, deed) for deed in Deed for lang in ("en", "th") for w in data[deed][lang]]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


def _parts(words: str) -> Iterator[str]:
    """Yield the edits of a sentence: a new one begins where a joint is followed by an opener."""
    start = 0
    text = words.strip(" .!")
    for joint in _JOINTS.finditer(text):
        if _opener(text[joint.end() :]) is not None:
            if text[start : joint.start()].strip():
                yield text[start : joint.start()]
            start = joint.end()
    if text[start:].strip():
        yield text[start:]


def _opener(text: str) -> tuple[str, Deed] | None:
    low = text.lower()
    for word, deed in _openers():
        if low.startswith(word) and (not word.isascii() or not low[len(word) :][:1].isalnum()):
            return word, deed
    return None


def _opened(part: str) -> _Edit | None:
    """Return an edit whose first, or last, words say what it does."""
    part = _without_politeness(part)
    data = table("edits.toml")
    if (framed := _framed(part)) is not None:
        return framed
    if (opener := _opener(part)) is not None:
        word, deed = opener
        named = part[len(word) :]
        if deed is Deed.CHANGE and named.lower().rstrip().endswith(_TOO):
            deed = Deed.ADD  # "actually the Marriotts too"
        manner = word in data[Deed.CHANGE]["manner"]
        return _Edit(deed, _without_tail(named, data[deed]["tail"]), part, manner)
    if part.lower().rstrip().endswith(_TOO):
        return _Edit(Deed.ADD, _without_tail(part, data[Deed.ADD]["tail"]), part)
    for deed, tail in ((Deed.CHANGE, "instead"), (Deed.KEEP, "only"), (Deed.KEEP, "เท่านั้น")):
        if part.lower().rstrip().endswith(tail):
            return _Edit(deed, _without_tail(part, data[deed]["tail"]), part)
    return None


def _without_politeness(part: str) -> str:
    """Return an edit without what only leads up to it: "can you please add …"."""
    part = part.strip(" ,.!?")
    for word in sorted(table("edits.toml")["polite"]["before"], key=len, reverse=True):
        rest = part[len(word) :]
        whole = not word.isascii() or rest[:1] in (" ", ",")
        if part.lower().startswith(word) and whole and _opens(rest.strip(" ,")):
            return _without_politeness(rest)
    return part


def _opens(part: str) -> bool:
    return part != "" and (_framed(part) is not None or _opener(_plain(part)) is not None)


def _plain(part: str) -> str:
    """Return `part` from its first opening word on, past what may stand before one."""
    for word in table("edits.toml")["polite"]["before"]:
        if part.lower().startswith(f"{word} ") and _opener(part) is None:
            return _plain(part[len(word) :].strip(" ,"))
    return part


def _framed(part: str) -> _Edit | None:
    """Return an edit whose words stand around what it names: "leave Phuket out"."""
    shapes = table("edits.toml")["polite"]
    for deed, name in ((Deed.LEAVE_OUT, "framed"), (Deed.ADD, "returned")):
        for shape in shapes[name]:
            if found := re.fullmatch(shape, part.strip(), re.IGNORECASE):
                return _Edit(deed, found["named"].strip(), part)
    return None


def swapped(plan: Plan, words: str, read: Read) -> Revision | None:
    """Return "swap Hilton for Marriott" as a change; None for words of another shape.

    What goes has to be a rule of the plan, and what comes has to be of the same kind.
    """
    for shape in table("edits.toml")["polite"]["swaps"]:
        found = re.fullmatch(shape, words.strip(" .!"), re.IGNORECASE)
        if found is None:
            continue
        old = _named(_Edit(Deed.CHANGE, found["old"].strip(), words), read)
        tail = table("edits.toml")["change"]["tail"]
        new = _named(_Edit(Deed.CHANGE, _without_tail(found["new"], tail), words), read)
        if old is None or new is None:
            continue
        changed = _exchanged(plan, old.filters, new.filters)
        if changed is None:
            return _asked(f"“{words}”: the campaign has no such rule to change. {HOW}")
        told = Understood(words, _told(Deed.CHANGE, new))
        return Revision(patch=_patch(plan, changed), understood=(told,))
    return None


def _exchanged(plan: Plan, old: Filters, new: Filters) -> Plan | None:
    filters = plan.filters
    if not _sets(new) or _sets(old).keys() != _sets(new).keys():
        return None
    for name, values in _sets(old).items():
        there = getattr(filters, name)
        if not set(values) <= set(there):
            return None
        rest = tuple(v for v in there if v not in values)
        filters = _with(filters, name, (*rest, *getattr(new, name)))
    return replace(plan, filters=filters)


def _without_tail(words: str, tails: list[str]) -> str:
    words = words.strip(" ,.!")
    for tail in sorted(tails, key=len, reverse=True):
        if words.lower().endswith(tail):
            return _without_tail(words[: -len(tail)], tails)
    return words


def _named(edit: _Edit, read: Read) -> Plan | None:
    """Return what an edit names, read as a request; None when not all of it is understood."""
    if not edit.named:
        return None
    for scaffold in _scaffolds(edit.named):
        plan = read(scaffold)
        if plan.is_clear and not plan.exclude and (plan.filters or _manner(plan)):
            return plan
    return None


def _scaffolds(named: str) -> Iterator[str]:
    yield f"Renewal to {named}"
    yield f"Renewal to all customers, {named}"
    low = named.lower()
    for before in table("edits.toml")["channel"]["before"]:
        if low.startswith(before):
            yield f"Renewal to all customers by {named[len(before) :].strip()}"
    yield f"Renewal to all customers by {named}"


def _manner(plan: Plan) -> bool:
    return bool(plan.channels or plan.language or plan.tone or plan.send_at)


# --- doing -------------------------------------------------------------------------------------------


def _done(plan: Plan, edit: _Edit, named: Plan) -> Plan | Question:
    manner = _with_manner(plan, edit, named)
    if isinstance(manner, Question) or not named.filters:
        return manner
    match edit.deed:
        case Deed.ADD:
            return _added(manner, edit, named)
        case Deed.LEAVE_OUT:
            return _left_out(manner, named.filters)
        case Deed.KEEP | Deed.CHANGE:
            return _kept(manner, named.filters)


def _with_manner(plan: Plan, edit: _Edit, named: Plan) -> Plan | Question:
    """Return the plan with the channels, language, tone and time that an edit names."""
    if edit.deed is Deed.LEAVE_OUT and _manner(named):
        left = tuple(c for c in plan.channels if c not in named.channels)
        if named.channels and left and not (named.language or named.tone or named.send_at):
            return replace(plan, channels=left)
        return Question(f"“{edit.words}”: which channels should it go by?")
    channels = plan.channels
    if named.channels:
        joined = (*plan.channels, *named.channels)
        channels = joined if edit.deed is Deed.ADD and plan.channels else named.channels
    return replace(
        plan,
        channels=tuple(dict.fromkeys(channels)),
        language=named.language or plan.language,
        tone=named.tone or plan.tone,
        send_at=named.send_at or plan.send_at,
    )


def _sets(filters: Filters) -> Mapping[str, tuple[object, ...]]:
    return {f.name: values for f in fields(filters) if (values := getattr(filters, f.name))}


def _added(plan: Plan, edit: _Edit, named: Plan) -> Plan | Question:
    """Widen a rule that is there; a rule of another kind could only narrow, so that is asked."""
    if plan.everyone:
        return Question("It already goes to all customers. Whom should it leave out?")
    changed, exclude = plan.filters, plan.exclude
    for name, values in _sets(named.filters).items():
        there = getattr(plan.filters, name)
        out = getattr(exclude, name)
        if not there and not set(values) & set(out):
            return Question(
                f"“{edit.words}”: the campaign has no rule of this kind yet. Only those, or a "
                "campaign of their own?",
                (Choice("Only those", f"only {edit.named}"),),
            )
        if there:
            changed = _with(changed, name, (*there, *values))
        exclude = _with(exclude, name, tuple(v for v in out if v not in values))
    return replace(plan, filters=changed, exclude=exclude)


def _left_out(plan: Plan, named: Filters) -> Plan:
    """Leave out; a value that was asked for is simply no longer asked for, when others are."""
    filters, exclude = plan.filters, plan.exclude
    for name, values in _sets(named).items():
        there = getattr(filters, name)
        rest = tuple(v for v in there if v not in values)
        if rest and len(rest) < len(there):
            filters = _with(filters, name, rest)
        exclude = _with(exclude, name, (*getattr(exclude, name), *values))
    return replace(plan, filters=filters, exclude=exclude)


def _kept(plan: Plan, named: Filters) -> Plan:
    filters, exclude = plan.filters, plan.exclude
    for name, values in _sets(named).items():
        filters = _with(filters, name, values)
        out = getattr(exclude, name)
        exclude = _with(exclude, name, tuple(v for v in out if v not in values))
    return replace(plan, filters=filters, exclude=exclude, everyone=False)


def _with(filters: Filters, name: str, values: tuple[object, ...]) -> Filters:
    changed: Filters = replace(filters, **{name: tuple(dict.fromkeys(values))})  # type: ignore[arg-type]  # each attribute's own values
    return changed


def _told(deed: Deed, named: Plan) -> str:
    what = [*wording.rules(named.filters), *(c.value for c in named.channels)]
    what += [str(v) for v in (named.language, named.tone) if v]
    lead = {
        Deed.ADD: "Add",
        Deed.LEAVE_OUT: "Leave out",
        Deed.KEEP: "Only",
        Deed.CHANGE: "Change to",
    }[deed]
    return f"{lead}: {'; '.join(what) or 'the time to send'}"


def _patch(before: Plan, after: Plan) -> Mapping[str, object]:
    """Return the change as the API's PATCH takes it."""
    patch: dict[str, object] = {}
    if after.filters != before.filters:
        patch["filters"] = filters_json(after.filters)
    if after.exclude != before.exclude:
        patch["exclude"] = filters_json(after.exclude)
    if after.channels != before.channels:
        patch["channels"] = [c.value for c in after.channels]
    for name in ("language", "tone"):
        if getattr(after, name) != getattr(before, name):
            patch[name] = getattr(after, name)
    if after.send_at is not None and after.send_at != before.send_at:
        patch["send_at"] = after.send_at.isoformat()
    return patch


# --- answers to questions ------------------------------------------------------------------------------

_TYPES = {
    CampaignType.RENEWAL: "Renewal",
    CampaignType.ANNOUNCEMENT: "Announcement",
    CampaignType.SURVEY: "Survey",
    CampaignType.FOLLOW_UP: "Follow-up",
    CampaignType.SEASONAL: "Seasonal",
}
_ORDINALS = {"1": 0, "first": 0, "2": 1, "second": 1, "3": 2, "third": 2}


def answered(plan: Plan, request: str, words: str, read: Read) -> str | None:
    """Return the request with a question's answer in it; None when `words` answer none.

    An answer is a choice's label or number, a kind of campaign, words that complete the request
    so that it reads clearly, or "leave it out".
    """
    said = fold(words).strip(" .!")
    if said in table("edits.toml")["dropping"]["words"]:
        done = _without(request, plan.not_understood)
        return done if read(done).is_clear else None
    choices = [choice for question in plan.questions for choice in question.choices]
    for choice in choices:
        if fold(choice.label) == said:
            return choice.request
    ordinal = _ORDINALS.get(said.removeprefix("the ").removesuffix(" one"))
    if ordinal is not None and len(plan.questions) == 1 and ordinal < len(choices):
        return choices[ordinal].request
    near = [choice for choice in choices if said and said in fold(choice.label)]
    if len(near) == 1:
        return near[0].request
    completions = [f"{request.strip(' .')}, {words}", f"{request.strip(' .')} to {words}"]
    if plan.type is None:
        completions = [f"{words}: {request}", *completions]
        completions += [f"{lead}: {request}" for lead in _TYPES.values() if fold(lead) == said]
    return next((done for done in completions if read(done).is_clear), None)


def _without(request: str, words: tuple[str, ...]) -> str:
    """Return the request without the words that were not understood."""
    for one in words:
        request = request.replace(one, " ", 1)
    return re.sub(r"\s+(?=[\s,.!?])|,\s*(?=[,.!?]|$)", "", request).strip(" ,")
