"""The book as a list of lines that joins back to the same text, byte for byte."""

import re
from collections import Counter
from dataclasses import dataclass

# Not str.splitlines: form feeds and Unicode separators do not end a line of the book.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$")


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown text as lines with their own endings; `str(document)` is exactly the text."""

    lines: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Document":
        """Split `text` at CR LF, LF or CR, whichever each line has."""
        return cls(tuple(_LINE.findall(text)))

    def __str__(self) -> str:
        """Return the text the document was made of."""
        return "".join(self.lines)

    def ending(self) -> str:
        r"""Return the line ending most lines have ("\n" for a text without any)."""
        counts = self.endings()
        return max(("\n", "\r\n", "\r"), key=lambda ending: counts[ending])

    def endings(self) -> Counter[str]:
        """Return how many lines have each ending; the last line may have none."""
        odd = [line for line in self.lines if "\r" in line or not line.endswith("\n")]
        counts = Counter(line[len(line.rstrip("\r\n")) :] for line in odd)
        counts["\n"] += len(self.lines) - len(odd)
        return counts
