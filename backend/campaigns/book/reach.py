"""From customers to those that can be written to: how many are left at each step, and where."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from campaigns.model.customer import Channel
from campaigns.model.record import Glance

AddressKey = tuple[Channel, str]

PAST, LATER, NO_END = "past", "later", "no contract end"
NO_BRAND = "no known brand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Customers of one kind, and how many of them are left at each step.

    `named` have a person named or an address, `addressed` at least one valid address,
    `reachable` one that may be written to.
    """

    key: str
    customers: int
    named: int
    addressed: int
    reachable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The whole funnel, by brand group (largest first) and by the month the contract ends.

    `channels` counts customers by channel they may be written to on, `blocked` addresses by the
    reason they may not.
    """

    total: Step
    brands: tuple[Step, ...]
    months: tuple[Step, ...]
    channels: Mapping[Channel, int]
    blocked: Mapping[str, int]


def reach(
    customers: Iterable[Glance], blocked: Mapping[AddressKey, str], today: date, months: int = 12
) -> Reach:
    """Count customers; `blocked` says why addresses may not be written to."""
    tallies: dict[tuple[str, str], Counter[str]] = {}
    channels: Counter[Channel] = Counter()
    why: dict[AddressKey, str] = {}
    last = _months_on(today, months - 1)
    for c in customers:
        keys = [(a.channel, a.value) for a in c.addresses]
        why |= {key: blocked[key] for key in keys if key in blocked}
        open_on = {channel for channel, value in keys if (channel, value) not in blocked}
        channels.update(open_on)
        steps = ["customers"]
        steps += ["named"] if c.people or keys else []
        steps += ["addressed"] if keys else []
        steps += ["reachable"] if open_on else []
        for group in (
            ("all", "all"),
            ("brand", c.brand_group or NO_BRAND),
            ("month", _month(c.contract_end, today, last)),
        ):
            tallies.setdefault(group, Counter()).update(steps)
    brands = [_step(key, n) for (kind, key), n in tallies.items() if kind == "brand"]
    ending = [_step(key, n) for (kind, key), n in tallies.items() if kind == "month"]
    return Reach(
        total=_step("all", tallies.get(("all", "all"), Counter())),
        brands=tuple(sorted(brands, key=lambda s: (s.key == NO_BRAND, -s.customers, s.key))),
        months=tuple(sorted(ending, key=lambda s: _order(s.key))),
        channels={channel: channels[channel] for channel in Channel},
        blocked=dict(Counter(why.values()).most_common()),
    )


def _step(key: str, n: Counter[str]) -> Step:
    return Step(
        key=key,
        customers=n["customers"],
        named=n["named"],
        addressed=n["addressed"],
        reachable=n["reachable"],
    )


def _months_on(day: date, months: int) -> str:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return f"{year:04}-{month + 1:02}"


def _month(end: date | None, today: date, last: str) -> str:
    if end is None:
        return NO_END
    if end < today:
        return PAST
    month = f"{end:%Y-%m}"
    return month if month <= last else LATER


def _order(key: str) -> tuple[int, str]:
    return {PAST: 0, LATER: 2, NO_END: 3}.get(key, 1), key
