"""What must not be there at all: foreign links and addresses, open placeholders."""

import re

from campaigns.flow.guard.case import Case

_LINK = re.compile(
    r"(?:https?|ftp|mailto|tel|line|sms)\s?:/{0,2}\S+|www\.\S+"
    r"|(?<![\w@])[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,3}\.(?:com|net|org|io|ly|me|co|th|info|biz|app|dev|shop|"
    r"online|site|xyz|link|page|example|test|asia|club|hotel|sg|au|uk|fr|de|jp|vn|my|id|in|ae|us|eu|to|gl|gd|cc)"
    r"(?![a-z])(?:/\S*)?|\bdot\s+com\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]{0,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"\{+[^{}]*\}+|[{}]|\[[^\]\n]*\]|[\[\]]|<[^<>\n]*>|[<>]|%\(?[a-z_]+\)?s?|\$\{?[a-z_]+\}?|__+|"
    r"\b(?:x{2,}|tb[acd]|n/a|lorem|ipsum|none|null|nan|undefined|unknown|todo|placeholder)\b|"
    r"(?<![a-z])(?:first|last|full|contact|customer|hotel|zone)[_-]?name\b|\?{3,}|�",
    re.IGNORECASE,
)


def strike_intruders(case: Case) -> None:
    """Report links, addresses and placeholders, but for those the record itself holds.

    Read in the whole text: a link may be made of words that are the record's own.
    """
    for name, pattern in (("email", _EMAIL), ("link", _LINK), ("placeholder", _PLACEHOLDER)):
        for m in pattern.finditer(case.reading.text):
            if not case.reading.is_struck(m.start(), m.end()):
                case.reading.fault(name, m.start(), m.end())
