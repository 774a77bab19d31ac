"""Counts and sentences, as every door says them."""


def plural(number: int, noun: str, many: str = "") -> str:
    """Return a count and its noun.

    >>> plural(1, "customer"), plural(4012, "customer"), plural(2, "reply", "replies")
    ('1 customer', '4,012 customers', '2 replies')
    """
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def sentence(words: str) -> str:
    """Return words with one full stop at their end; a name may bring its own.

    >>> sentence("It waits for Arun S."), sentence("It waits for an approver")
    ('It waits for Arun S.', 'It waits for an approver.')
    """
    return words.rstrip(".") + "."
