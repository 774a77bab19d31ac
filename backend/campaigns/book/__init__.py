"""Read and change the customer book (venue_data.md).

load, load_with_digest, parse      the file or its text as typed, classified records
vocabulary                         the values a request may name
reassign                           keep ids when the book changed
set_field, accept_inference        change one line and no other byte
normalise                          an address in the form that matching and sending use
"""

from campaigns.book.addresses import AddressRefused, normalise
from campaigns.book.edit import Change, accept_inference, set_field
from campaigns.book.read import load, load_with_digest, parse
from campaigns.book.reassign import reassign
from campaigns.book.vocabulary import vocabulary

__all__ = [
    "AddressRefused",
    "Change",
    "accept_inference",
    "load",
    "load_with_digest",
    "normalise",
    "parse",
    "reassign",
    "set_field",
    "vocabulary",
]
