"""What shows only when entries are compared: repeated names, shared addresses, mixed spellings."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from campaigns.book.brands import group_words
from campaigns.book.diagnose import diagnostic
from campaigns.book.duplicates import suspected
from campaigns.model.fold import fold
from campaigns.model.record import Diagnostic, DuplicateSuspicion, Record, RecordKind

Said = dict[int, list[Diagnostic]]


def compared(
    records: Sequence[Record],
) -> tuple[tuple[Record, ...], tuple[DuplicateSuspicion, ...]]:
    """Return the records with what comparing them says, and the suspected duplicates."""
    customers = [r for r in records if r.kind is RecordKind.CUSTOMER]
    said: Said = defaultdict(list)
    for line, found in (*_repeated(customers), *_shared(customers), *_mixed(customers)):
        said[line].append(found)
    suspicions = []
    for first, second, why in suspected(customers):
        a, b = first.customer, second.customer
        suspicions.append(DuplicateSuspicion(first=a.id, second=b.id, why=why))
        for one, other in ((a, b), (b, a)):
            said[one.line].append(
                diagnostic(
                    "suspected-duplicate",
                    one.line,
                    one.name,
                    other=other.name,
                    at=other.line,
                    why=why,
                )
            )
    return tuple(_with(record, said) for record in records), tuple(suspicions)


def _with(record: Record, said: Said) -> Record:
    extra = said.get(record.first_line)
    return replace(record, diagnostics=(*record.diagnostics, *extra)) if extra else record


def _repeated(customers: list[Record]) -> Iterator[tuple[int, Diagnostic]]:
    first: dict[str, int] = {}
    for record in customers:
        line = record.customer.line
        other = first.setdefault(fold(record.customer.name), line)
        if other != line:
            yield line, diagnostic("name-repeated", line, record.customer.name, other=other)


def _shared(customers: list[Record]) -> Iterator[tuple[int, Diagnostic]]:
    owner: dict[tuple[str, str], Record] = {}
    for record in customers:
        for contact in record.customer.contacts:
            for address in contact.addresses:
                other = owner.setdefault((address.channel.value, address.value), record)
                if other is not record:
                    yield (
                        record.first_line,
                        diagnostic(
                            "address-shared",
                            address.line,
                            address.written,
                            other=other.customer.name,
                            at=other.customer.line,
                        ),
                    )


def _mixed(customers: list[Record]) -> Iterator[tuple[int, Diagnostic]]:
    """Yield the rarer spelling wherever one brand's word is written in more than one way."""
    spelled: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for record in customers:
        for key, word in _brand_words(record):
            spelled[key][word] += 1
    for record in customers:
        for key, word in _brand_words(record):
            usual = spelled[key].most_common(1)[0][0]
            if usual != word:
                line = record.customer.line
                yield (
                    line,
                    diagnostic(
                        "spelling-mixed", line, record.customer.name, here=word, other=usual
                    ),
                )


def _brand_words(record: Record) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield (group and folded word, word) for each brand word and dash of a branded name.

    Capitals are no other spelling: "HILTON" and "Hilton" are not told apart.
    """
    group = record.customer.brand_group
    if group is None:
        return
    for word in record.customer.name.split():
        folded = fold(word)
        if folded == "-" or folded in group_words(group.value):
            yield (group.value, folded), word.lower()
