"""A rendered text as WhatsApp sends it: the parameters of an approved template.

Outside the 24 h service window WhatsApp carries no free text, so a message is a template's name
and its values (Cloud API, "Template messages" and "Template components", read 2026-11).
"""

import hashlib
import re

from campaigns.channels.whatsapp.languages import code_of
from campaigns.model.message import Message, Template
from campaigns.model.text import CohortText, Rendered

WORDS_LIMIT = 4096  # of free text (Cloud API reference "Messages", read 2026-11-23)
BODY_LIMIT = 1024  # characters of the body with its parameters filled
_SLOT = re.compile(r"\{([a-z_]+)\}")
_NAME = re.compile(r"[a-z0-9_]{1,512}")
# Meta refuses these inside a parameter (error 132012).
_BROKEN = re.compile(r"[\n\r\t\u2028\u2029]| {5,}")


def dress(text: CohortText, rendered: Rendered) -> Template:
    """Return the template `rendered` is sent as.

    The name ends in a digest of the body, so that a changed body is another template and an
    approved name never carries words that were not approved. Words a person changed make such
    another template: it can leave once Meta has approved it.
    """
    slotted = rendered.body or reslotted(rendered)
    used = dict.fromkeys(_SLOT.findall(slotted))
    digest = hashlib.sha256(slotted.encode()).hexdigest()[:8]
    return Template(
        name=f"{text.template}_{digest}",
        language=code_of(text.cohort.language) or text.cohort.language,
        parameters={slot: rendered.values[slot] for slot in used},
        body=body(rendered),
    )


def reslotted(rendered: Rendered) -> str:
    """Return a hand-edited text with the known values made slots again, longest first.

    A value at the very edge of the text stays words: Meta refuses parameters there.
    """
    slots = {value: slot for slot, value in reversed([*rendered.values.items()]) if value}
    if not slots:
        return rendered.text
    longest_first = "|".join(re.escape(value) for value in sorted(slots, key=len, reverse=True))
    inside = re.compile(rf"(?<=.)(?:{longest_first})(?=.)", re.DOTALL)
    return inside.sub(lambda m: f"{{{slots[m[0]]}}}", rendered.text)


def body(rendered: Rendered) -> str:
    """Return the body to register with Meta, with named parameters: "Hi {{greeting}}, ..."."""
    return _SLOT.sub(r"{{\1}}", rendered.body or reslotted(rendered))


def problem(message: Message) -> str | None:
    """Return why Meta would refuse this message's form, or None."""
    template = message.template
    if message.answer is not None:
        return _words_problem(message.text)
    if template is None:
        return "WhatsApp carries approved templates only, and this message has none."
    if not _NAME.fullmatch(template.name):
        return f"Template name {template.name!r} may hold small letters, digits and _ only."
    for name, value in template.parameters.items():
        if not value.strip():
            return f"Parameter {name!r} is empty; WhatsApp refuses empty parameters."
        if _BROKEN.search(value):
            return f"Parameter {name!r} has a line break, a tab or more than four spaces in a row."
    if len(message.text) > BODY_LIMIT:
        return f"The text has {len(message.text)} characters; WhatsApp takes {BODY_LIMIT}."
    return _edge_problem(message.text, template)


def _words_problem(text: str) -> str | None:
    """Return a complaint about words that go as they are, inside an open window."""
    if not text.strip():
        return "The text is empty; WhatsApp refuses empty messages."
    if len(text) > WORDS_LIMIT:
        return f"The text has {len(text)} characters; WhatsApp takes {WORDS_LIMIT:,}."
    return None


def _edge_problem(text: str, template: Template) -> str | None:
    """Return a complaint when the body begins or ends with a parameter (Meta's 2388299)."""
    for name, value in template.parameters.items():
        if text.startswith(value) or text.endswith(value):
            return f"The text begins or ends with parameter {name!r}; WhatsApp refuses that."
    return None
