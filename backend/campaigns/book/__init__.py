"""Read and change the customer book (venue_data.md)."""

from campaigns.book.read import load, parse
from campaigns.book.vocabulary import vocabulary

__all__ = ["load", "parse", "vocabulary"]
