"""The specification's five steps as a runnable check: `cd backend && python test_campaign_system.py`.

Loads the sample book, creates campaigns, previews messages, tests filters and reads replies,
prints what it finds, and ends with a non-zero exit code when anything is not as it should be.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
VENV_PYTHON = HERE.parent / ".venv" / "bin" / "python"

if TYPE_CHECKING:
    from campaigns.bootstrap import Services

FAILURES: list[str] = []


def check(what: str, holds: bool, found: object = "") -> None:
    """Print one finding; remember it when it does not hold."""
    print(f"  {'ok  ' if holds else 'FAIL'} {what}{f': {found}' if found != '' else ''}")
    if not holds:
        FAILURES.append(what)


@contextmanager
def house() -> Iterator["Services"]:
    """Open the house on the sample book with simulated channels; nothing is stored or sent."""
    from campaigns import bootstrap, settings

    chosen = settings.read(
        campaigns_book=HERE / "venue_data.md",
        campaigns_today="2025-09-15",
        campaigns_simulate="all",
    )
    with bootstrap.opened(chosen, in_memory=True) as services:
        yield services


def load_customers(services: "Services") -> None:
    """Step 1: load customer data."""
    print("1. Load customers")
    check("at least 150 customers", services.book.count >= 150, services.book.count)
    [hilton], _ = services.customers.page("Hilton Pattaya", "", 2)
    check(
        "Hilton Pattaya has its four zones",
        hilton.zone_names == ("Edge", "Drift Bar", "Horizon", "Shore"),
        ", ".join(hilton.zone_names),
    )
    check(
        "its price is THB 12,000 a zone",
        str(hilton.price_per_zone and hilton.price_per_zone.amount) == "12000"
        and hilton.currency == "THB",
    )
    check(
        "its contract ends on 2025-10-31",
        str(hilton.contract_end) == "2025-10-31",
        hilton.contract_end,
    )
    check(
        "its brand group is known from its name",
        bool(hilton.brand_group and hilton.brand_group.value == "Hilton"),
    )


def create_campaigns(services: "Services") -> str:
    """Step 2: create test campaigns; return the renewal's id."""
    from campaigns.model.access import Actor, Scope

    print("2. Create campaigns")
    me = Actor(name="check", scopes=frozenset({Scope.ADMIN}))
    campaign, audience = services.drafts.create(
        "Send renewal reminders to all Hiltons expiring in October", me
    )
    check("the renewal is understood", campaign.status.value == "draft", campaign.status.value)
    check("it has an audience", audience.customers > 0, audience.customers)
    check(
        "everybody in it is a Hilton", set(audience.by_brand) == {"Hilton"}, dict(audience.by_brand)
    )
    ends = {m.contract_end.month for m in audience.members if m.contract_end}
    check("every contract ends in October", ends == {10})
    total = audience.customers + sum(x.customers for x in audience.excluded)
    check("included and excluded are all customers", total == services.book.count, total)
    nonsense, nobody = services.drafts.create("Flurble the wibbly grommets", me)
    check(
        "nonsense asks back", nonsense.status.value == "needs_clarification", nonsense.status.value
    )
    check("and reaches nobody", nobody.customers == 0)
    return campaign.id


def preview_messages(services: "Services", campaign_id: str) -> None:
    """Step 3: preview messages."""
    from campaigns.model.ids import CampaignId

    print("3. Preview messages")
    preview = services.drafts.preview(CampaignId(campaign_id), 100)
    check("there are messages", bool(preview.samples), len(preview.samples))
    check("the fact guard passed each", all(c.ok for m in preview.samples for c in m.checks))
    [whatsapp] = [
        m for m in preview.samples if m.customer == "Hilton Pattaya" and m.channel == "whatsapp"
    ]
    print("\n".join(f"     | {line}" for line in whatsapp.text.splitlines()))
    for words in (
        "Rudolf",
        "Edge, Drift Bar, Horizon, Shore",
        "October 31, 2025",
        "THB 12,000",
        "THB 48,000",
    ):
        check(f"it says “{words}”", words in whatsapp.text)


def filter_customers(services: "Services") -> None:
    """Step 4: test filtering."""
    print("4. Filter customers")
    for request, attribute, expected in (
        ("Send a survey to all hotels in Thailand", "country", "Thailand"),
        ("Announce our new playlists to all beach clubs", "business_type", "Beach Club"),
        ("Send Christmas offers to all hotels in Europe", "region", "Europe"),
    ):
        plan, audience = services.drafts.look(request)
        found = getattr(plan.filters, attribute)
        check(
            request,
            found == (expected,) and audience.customers > 0,
            f"{audience.customers} customers",
        )


def analyse_replies(services: "Services") -> None:
    """Step 5: analyse sample responses."""
    from campaigns.model.reply import ReplyContext

    print("5. Analyse replies")
    context = ReplyContext(today=services.clock.today())
    for words, expected in (
        ("Yes, please renew all zones", "accept"),
        ("Please do not renew", "decline"),
        ("How much is it per zone?", "question"),
        ("The music in the lobby keeps stopping, this is the third time", "complaint"),
        ("STOP", "opt_out"),
        ("กรุณาหยุดส่งข้อความ", "opt_out"),
    ):
        reading = services.answers.read(words, context)
        check(
            f"“{words}”",
            reading.intent.value == expected,
            f"{reading.intent.value} ({reading.confidence:.0%})",
        )


def main() -> int:
    """Run the five steps; return the exit code."""
    with house() as services:
        load_customers(services)
        campaign_id = create_campaigns(services)
        preview_messages(services, campaign_id)
        filter_customers(services)
        analyse_replies(services)
    if FAILURES:
        print(f"\n{len(FAILURES)} of the checks failed: {'; '.join(FAILURES)}")
        return 1
    print("\nAll checks hold.")
    return 0


if __name__ == "__main__":
    if find_spec("sqlalchemy") is None:
        # Called with a Python that lacks the dependencies: use the one `make` set up.
        if not VENV_PYTHON.exists() or Path(sys.executable) == VENV_PYTHON:
            sys.exit("The dependencies are missing. Run `make setup` in the folder above first.")
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), __file__])  # noqa: S606 - our own interpreter
    sys.exit(main())
