"""Statements made of harmless words, in sentences that only a person's edit wrote.

Every single word of "our people will be at your place" is harmless. So an edited sentence may
wish, thank, ask, say what the record says and promise what the reader asks for; anything else
that it asserts blocks. This is a sieve of subjects and verbs, no grammar.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from campaigns.flow.guard import lexicon
from campaigns.flow.guard.case import Case
from campaigns.flow.guard.reading import Mark

SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=[a-z0-9])[^.!?\n]+)*[.!?]*", re.IGNORECASE)
_ON = r"[^,.;!?\n]*"
_ASKED = rf"(?:what|which|how|where|who|why)\b{_ON}"
# What asserts nothing: what follows "if", what is asked, wondered or hoped.
_CONDITION = re.compile(
    "|".join(
        (
            rf"\b(?:if|when|whenever|whether|in case|should (?:you|there|it|this|any\w*))\b{_ON},?",
            rf"\b(?:once (?:you|we|i)|as soon as|the moment (?:you|we|i))\b{_ON},?",
            rf"^\W*as we (?:head|move|go|step|come|enter|approach)\b{_ON},",
            rf"^\W*as the (?:year|season|weather|holidays?|festive season|days|nights) {_ON},",
            *(rf"(?<={verb} ){_ASKED}" for verb in ("tell us", "tell me", "wonder")),
            rf"(?<= know )(?<!we know )(?<!you know )(?<!i know ){_ASKED}",
            rf"(?<=hope )(?!to ){_ON}",
            # In Thai up to the space: what comes of it is said behind one ("หากช้า เพลงจะหมด").
            r"(?:หาก|ถ้า|(?:เรา|ทางเรา|ผม|ดิฉัน)?หวัง(?:เป็นอย่างยิ่ง)?ว่า)[ก-๎]*",
        )
    )
)
_RECORDED = (Mark.DATE, Mark.MONEY, Mark.COUNT, Mark.ZONE)
_FACT = "[" + "".join(m for m in Mark if m is not Mark.FAULT) + "]+"
_TOKEN = re.compile(rf"{_FACT}|'[a-z]+|[a-z][a-z-]*|[,;:]")
# The kinds of subject and of phrase that say something; "<kind>_may" is what they may say.
_KINDS = {
    "en": ("we", "you", "who", "fragment", "here", "thanks", "willing", "glad"),
    "th": ("we", "you", "others", "named", "agents", "thanks"),
}
_REACH = 8  # words a fact may stand behind its verb


def strike_statements(case: Case, composed: frozenset[str]) -> None:
    """Report what sentences assert, but for those in `composed`, which a writer wrote."""
    for m in SENTENCE.finditer(case.reading.left_lower()):
        # A name may hold a full stop ("St. Regis"): here it is struck out, in `composed` it parts.
        written = sentences(case.reading.text[m.start() : m.end()])
        if written <= composed:
            continue
        if any(_tells(m[0], language) for language in case.reading.languages()):
            first = m.start() + len(m[0]) - len(m[0].lstrip())
            case.reading.report("statement", first, m.end())


def sentences(text: str) -> frozenset[str]:
    """Return the sentences of a folded text, as `strike_statements` compares them."""
    return frozenset(m[0].strip() for m in SENTENCE.finditer(text))


def _tells(sentence: str, language: str) -> bool:
    """Whether a sentence says what it may not; a question can do so only in passing."""
    if language == "en" and any(_says(kind, sentence, "en") for kind in ("presumed", "misbound")):
        return True
    if sentence.rstrip().endswith("?"):
        return False
    return _asserts(_CONDITION.sub(lambda c: "," * len(c[0]), sentence), language)


def _asserts(sentence: str, language: str) -> bool:
    """Whether a sentence asserts something it may not."""
    if any(_says(kind, sentence, language) for kind in _KINDS[language]):
        return True
    return language == "en" and any(map(_is_unsourced, _clauses(sentence)))


def _says(kind: str, sentence: str, language: str) -> bool:
    """Whether a sentence says what its kind of subject may not say."""
    said, may = _pattern(language, kind), _pattern(language, f"{kind}_may")
    for m in said.finditer(sentence):
        rest = m.start("rest") if "rest" in said.groupindex else m.start()
        if not may.match(sentence, rest):
            return True
    return False


def _clauses(sentence: str) -> Iterator[list[str]]:
    """Yield a sentence's clauses as words; a run of marks is one word."""
    clause: list[str] = []
    for m in _TOKEN.finditer(sentence):
        if m[0] in ",;:" or m[0] in _words("join"):
            yield clause
            clause = []
        else:
            clause.append(m[0])
    yield clause


def _is_unsourced(clause: Sequence[str]) -> bool:
    """Whether a clause says of somebody or something what no record is the source of."""
    verb = _verb(clause)
    if verb is None or clause[0] in _words("skip") or {"we", "i", "you"} & set(clause[:verb]):
        return False
    if _pattern("en", "others_may").match(" ".join(clause)):
        return False
    if _words("people") & set(clause[:verb]):
        return True
    told_before = clause[verb] in _words("of_record") and any(
        word.startswith(Mark.DATE) for word in clause[:verb]
    )
    return not (told_before or _tells_a_fact(clause[verb:]))


def _verb(clause: Sequence[str]) -> int | None:
    """Return where the first finite verb with something before it stands."""
    for at, word in enumerate(clause):
        finite = any(word in _words(kind) for kind in ("be", "help", "verbs"))
        finite = finite and not (word == "'s" and clause[at - 1] not in _words("contracting"))
        bare = word in _words("bare_verbs") and at > 0 and clause[at - 1] in _words("plurals")
        if at > 0 and (finite or bare) and word != "to":
            return at
    return None


def _tells_a_fact(predicate: Sequence[str]) -> bool:
    """Whether a predicate only leads up to a fact: "is covered until <date>"."""
    for word in predicate[:_REACH]:
        if word.startswith(_RECORDED):
            return True
        if word not in _leading():
            return False
    return False


@cache
def _leading() -> frozenset[str]:
    """Return the words that may stand between a subject and the fact about it."""
    own = {"the", "a", "an", "to", "of", "your", "our", "by", "per", "zone", "zones", "each"}
    return _words("be") | _words("help") | _words("of_record") | own


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(lexicon.table("statements")["en"][name].split())


@cache
def _pattern(language: str, name: str) -> re.Pattern[str]:
    said = lexicon.table("statements")[language][name]
    pattern = said if isinstance(said, str) else "|".join(said) or "(?!)"
    return re.compile(pattern.replace("{fact}", _FACT))
