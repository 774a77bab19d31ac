"""Read and change the customer book (venue_data.md).

load, parse                        the file or its text as typed, classified records
opened, Reading, compare           the same, entry by entry, for a book of any size
vocabulary, vocabulary_of          the values a request may name
keep_ids, reassign, Signs          keep ids when the book changed
Texts, Hexes, fingerprints, text_hashes  columns of what is known of many entries
edits                              change lines and no other byte
normalise                          an address in the form that matching and sending use
reader                             which reader this is
"""

from campaigns.book.across import compare
from campaigns.book.addresses import AddressRefused, normalise
from campaigns.book.many import Hexes, Texts
from campaigns.book.outline import Outline, fingerprints, text_hashes
from campaigns.book.read import Reading, load, parse
from campaigns.book.reassign import Signs, keep_ids, reassign
from campaigns.book.source import opened
from campaigns.book.version import reader
from campaigns.book.vocabulary import vocabulary, vocabulary_of

__all__ = [
    "AddressRefused",
    "Hexes",
    "Outline",
    "Reading",
    "Signs",
    "Texts",
    "compare",
    "fingerprints",
    "keep_ids",
    "load",
    "normalise",
    "opened",
    "parse",
    "reader",
    "reassign",
    "text_hashes",
    "vocabulary",
    "vocabulary_of",
]
