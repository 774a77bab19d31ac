"""Meta's rules for templates, checked before one is submitted.

Source: "Templates" and "Template components" of the WhatsApp Business Platform documentation,
and Graph API error subcodes 2388293 and 2388299, read 2026-11-23.
"""

import re
from collections.abc import Iterator

from campaigns.model.template import TemplateSpec

MOST_BODY = 1024  # characters
MOST_BUTTONS = 10
MOST_LABEL = 25  # characters
# Our own measure of "too many variables for the message's length" (2388293), for Meta gives none:
# so many letters of fixed text a variable, about three words.
LETTERS_A_VARIABLE = 12

_NAME = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:_[A-Z]{2})?")
_VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")
_VARIABLE_NAME = re.compile(r"[a-z0-9_]+")
_SPOILT = re.compile(r"[\n\r\t]| {5,}")


def faults(spec: TemplateSpec) -> tuple[str, ...]:
    """Return every rule of Meta's that a template breaks; empty when it may be submitted."""
    return (*_name(spec), *_body(spec), *_variables(spec), *_buttons(spec))


def variables(body: str) -> tuple[str, ...]:
    """Return the names of a body's variables, in order, each once."""
    return tuple(dict.fromkeys(_VARIABLE.findall(body)))


def _name(spec: TemplateSpec) -> Iterator[str]:
    if not _NAME.fullmatch(spec.name):
        yield f"the name {spec.name!r} may hold small letters, digits and _ only, at most 512"
    if not _LANGUAGE.fullmatch(spec.language):
        yield f"{spec.language!r} is no language code such as en, en_US or th"


def _body(spec: TemplateSpec) -> Iterator[str]:
    if not spec.body.strip():
        yield "the text is empty"
    if len(spec.body) > MOST_BODY:
        yield f"the text has {len(spec.body)} characters, Meta takes {MOST_BODY}"
    if re.search(r"\n{3,}", spec.body):
        yield "the text has more than one empty line in a row"
    bare = _VARIABLE.sub("", spec.body)
    if "{" in bare or "}" in bare:
        yield "the text has a brace that belongs to no variable"


def _variables(spec: TemplateSpec) -> Iterator[str]:
    body = spec.body.strip()
    if _VARIABLE.match(body) or re.search(r"\{\{[^{}]*\}\}\Z", body):
        yield "the text begins or ends with a variable (2388299)"
    if re.search(r"\}\}\s*\{\{", body):
        yield "two variables stand side by side"
    found = _VARIABLE.findall(body)
    letters = sum(c.isalpha() for c in _VARIABLE.sub("", body))
    if found and letters < LETTERS_A_VARIABLE * len(found):
        yield f"{len(found)} variables are too many for a text this short (2388293)"
    for name in dict.fromkeys(found):
        if not _VARIABLE_NAME.fullmatch(name):
            yield f"the variable {name!r} may hold small letters, digits and _ only"
        elif not spec.examples.get(name, "").strip():
            yield f"the variable {name!r} has no example for Meta's reviewers"
        elif _SPOILT.search(spec.examples[name]):
            yield f"the example of {name!r} has a line break, a tab or more than four spaces"


def _buttons(spec: TemplateSpec) -> Iterator[str]:
    if len(spec.buttons) > MOST_BUTTONS:
        yield f"it has {len(spec.buttons)} buttons, Meta takes {MOST_BUTTONS}"
    if len(set(spec.buttons)) < len(spec.buttons):
        yield "two buttons say the same"
    for label in spec.buttons:
        if not label.strip() or len(label) > MOST_LABEL:
            yield f"the button {label!r} needs 1 to {MOST_LABEL} characters"
        if _VARIABLE.search(label) or "\n" in label:
            yield f"the button {label!r} may hold neither a variable nor a line break"
