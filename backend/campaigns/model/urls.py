"""Addresses on the web: which of them may carry what nobody else should read."""

import re

# This machine alone: nothing sent there leaves it.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PRIVATE = re.compile(
    r"https://|http://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d*)?(?:[/?#]|$)", re.IGNORECASE
)


def is_private(url: str) -> bool:
    """Whether nobody reads along on the way to `url`: https, or http to this machine.

    >>> [is_private(f"http{rest}") for rest in ("s://id.example", "://[::1]:80/a", "://a.example")]
    [True, True, False]
    >>> is_private("http://localhost@a.example"), is_private("")
    (False, False)
    """
    return _PRIVATE.match(url) is not None
