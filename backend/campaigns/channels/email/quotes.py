"""An answer without the mail it quotes.

Whatever words a mail program puts before a quotation, in whatever language, nearly all name the
sender of the quoted mail, which is us: the answer ends at the paragraph that names our address.
Where the answer stands below the quotation, what is left after the quoted lines is kept.
"""

import re

_SEPARATOR = re.compile(r"^\s*[-_]{2,}.{3,60}[-_]{2,}\s*$|^_{8,}\s*$")
_QUOTED = re.compile(r"^\s*>")


def answer_in(text: str, own_address: str) -> str:
    """Return the words of the person who answered; all of them when no quotation is found."""
    lines = text.replace("\r\n", "\n").split("\n")
    above = _above(lines, own_address)
    kept = "\n".join(line for line in above if not _QUOTED.match(line)).strip()
    if kept:
        return kept
    below = "\n".join(
        line for line in lines if not _QUOTED.match(line) and own_address not in line
    ).strip()
    return below or text.strip()


def _above(lines: list[str], own_address: str) -> list[str]:
    for n, line in enumerate(lines):
        if _SEPARATOR.match(line) and n:
            return lines[:n]
        if own_address.casefold() in line.casefold() and not _QUOTED.match(line):
            return lines[: _start_of_paragraph(lines, n)]
    return lines


def _start_of_paragraph(lines: list[str], n: int) -> int:
    """Return where the paragraph of line `n` begins: attributions run over several lines."""
    while n and lines[n - 1].strip() and not _QUOTED.match(lines[n - 1]):
        n -= 1
    return n
