"""A reply's words with the evidence for its reading marked."""

from markupsafe import Markup

from campaigns.model.reply import Reply


def marked_words(reply: Reply) -> Markup:
    """Return a reply's text, escaped, with the spans its reading rests on marked."""
    parts, at = [], 0
    for span in sorted(reply.reading.evidence, key=lambda s: s.start):
        if span.start < at or reply.text[span.start : span.end] != span.text:
            continue
        parts.append(Markup.escape(reply.text[at : span.start]))
        parts.append(Markup("<mark>{}</mark>").format(span.text))
        at = span.end
    parts.append(Markup.escape(reply.text[at:]))
    return Markup("").join(parts)
