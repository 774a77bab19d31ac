"""Automations on every database: one campaign a due time, nobody twice, nothing sent."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conformance.conftest import address_for_processes
from tests.support.automating import (
    FIRST_OF_MONTH,
    NIDA,
    WITHIN_60_DAYS,
    Desk,
    at,
    desk,
    write_book,
)

from campaigns.model.automation import Outcome, Run
from campaigns.model.campaign import CampaignStatus
from campaigns.model.errors import NotFound, RequestInvalid, Stale
from campaigns.model.ids import AutomationId, CampaignId, CustomerId
from campaigns.model.message import MessageStatus
from campaigns.store import SqlStore

ENDS = {
    "Riverside": "2025-10-20",
    "Garden House": "2025-11-10",
    "Old Mill": "2025-12-20",
    "Far Away": "2026-09-01",
    "Nobody There?": "2025-10-25",
}


def url_of(store: SqlStore) -> str | None:
    return None if store.engine.dialect.name == "sqlite" else address_for_processes(store)


@pytest.fixture
def house(store: SqlStore, tmp_path: Path) -> Iterator[Desk]:
    book = write_book(tmp_path / "book.md", ENDS)
    with desk(book, tmp_path, url_of(store), at(2025, 9, 15, 10)) as opened:
        yield opened


def names(house: Desk, run: Run) -> set[str]:
    assert run.campaign_id is not None
    audience, _ = house.drafts.audience(run.campaign_id)
    return {m.name.removesuffix(" Bangkok") for m in audience.members}


def test_a_due_time_makes_one_campaign_that_waits_for_review(house: Desk) -> None:
    automation = house.add()
    assert house.run_due(2025, 10, 1, 8, 59) == []
    [run] = house.run_due(2025, 10, 1, 9, 0)
    assert house.run_due(2025, 10, 1, 9, 1) == []
    assert run.outcome is Outcome.IN_REVIEW
    assert run.due_at == at(2025, 10, 1, 9)
    assert names(house, run) == {"Riverside", "Garden House", "Nobody There"}
    assert run.campaign_id is not None
    campaign = house.drafts.get(run.campaign_id)
    assert campaign.status is CampaignStatus.IN_REVIEW
    assert campaign.approval is None
    assert campaign.author == "nida"
    assert campaign.name == "Renewals, 1 Oct 2025"
    counts = house.drafts.preview(campaign.id, 0).counts
    assert {status for _, status in counts} == {MessageStatus.VERIFIED}
    assert house.runs(automation) == [run]


def test_its_campaign_is_approved_and_sent_like_any_other(house: Desk) -> None:
    house.add()
    [run] = house.run_due(2025, 10, 1, 9)
    assert run.campaign_id is not None
    shown = house.drafts.preview(run.campaign_id, 1).campaign.content_hash
    approved = house.approvals.approve(run.campaign_id, shown, NIDA)
    assert approved.status is CampaignStatus.APPROVED


def test_whom_an_earlier_run_proposed_is_left_out_and_counted(house: Desk) -> None:
    house.add()
    house.run_due(2025, 10, 1, 9)
    [second] = house.run_due(2025, 11, 1, 9)
    # Riverside has ended by then; whoever could not be written to is proposed again.
    assert names(house, second) == {"Old Mill"}
    assert second.left_out == 1
    assert second.campaign_id is not None
    audience, _ = house.drafts.audience(second.campaign_id)
    reasons = {x.reason: x.customers for x in audience.excluded}
    assert reasons["already proposed by this automation for the same Contract End"] == 1
    assert audience.customers + sum(reasons.values()) == len(ENDS)


def test_a_later_change_of_the_campaign_keeps_them_out(house: Desk) -> None:
    house.add()
    house.run_due(2025, 10, 1, 9)
    [second] = house.run_due(2025, 11, 1, 9)
    assert second.campaign_id is not None
    _, audience = house.drafts.change(second.campaign_id, {"context": "our winter list"}, NIDA)
    assert [m.name for m in audience.members] == ["Old Mill Bangkok"]
    assert sum(x.customers for x in audience.excluded) == len(ENDS) - 1


def test_a_new_contract_end_is_proposed_anew(house: Desk) -> None:
    house.add()
    house.run_due(2025, 10, 1, 9)
    house.rewrite(ENDS | {"Riverside": "2025-11-20"})
    [second] = house.run_due(2025, 11, 1, 9)
    assert names(house, second) == {"Riverside", "Old Mill"}


def test_after_the_stated_days_a_customer_may_be_proposed_again(house: Desk) -> None:
    house.add(again_after_days=30)
    house.run_due(2025, 10, 1, 9)
    [second] = house.run_due(2025, 11, 1, 9)
    assert names(house, second) == {"Garden House", "Old Mill"}
    [third] = house.run_due(2025, 12, 1, 9)
    assert names(house, third) == {"Old Mill"}
    assert house.run_due(2025, 12, 15, 9) == []


def test_with_nobody_new_there_is_no_campaign_and_the_run_says_so(house: Desk) -> None:
    automation = house.add(rhythm={"every": "day", "at": "09:00"})
    house.run_due(2025, 10, 1, 9)
    [second] = house.run_due(2025, 10, 2, 9)
    assert second.outcome is Outcome.NOBODY_NEW
    assert second.campaign_id is None
    assert "2 were proposed before" in second.words
    assert "cannot be written to" in second.words
    assert house.seen(automation).attention is None
    assert len(house.drafts.page(None, "", 50)[0]) == 1


def test_a_request_that_became_unclear_makes_no_campaign_and_calls_a_person(house: Desk) -> None:
    automation = house.add("Send renewal reminders to Riverside Bangkok")
    house.rewrite({name: end for name, end in ENDS.items() if name != "Riverside"})
    [run] = house.run_due(2025, 10, 1, 9)
    # "Bangkok" alone was understood, and nobody there is written to in Riverside's stead.
    assert run.outcome is Outcome.UNCLEAR
    assert "“Riverside” was not understood" in run.words
    assert run.campaign_id is None
    assert house.drafts.page(None, "", 50)[0] == []
    assert house.seen(automation).attention == run.words


def test_a_structured_request_the_book_no_longer_fits_fails_and_says_why(house: Desk) -> None:
    body = {
        "name": "Mill",
        "rhythm": FIRST_OF_MONTH,
        "type": "renewal",
        "filters": {"customer": "Old Mill Bangkok", "expiring_within_days": 90},
    }
    automation = house.automations.create(body, NIDA).automation.id
    house.rewrite({name: end for name, end in ENDS.items() if name != "Old Mill"})
    [run] = house.run_due(2025, 10, 1, 9)
    assert run.outcome is Outcome.FAILED
    assert "Old Mill" in run.words
    assert house.seen(automation).attention == run.words
    assert house.run_due(2025, 10, 1, 10) == []


def test_a_structured_window_moves_with_the_days(house: Desk) -> None:
    body = {
        "rhythm": FIRST_OF_MONTH,
        "type": "renewal",
        "filters": {"expiring_within_days": 30},
    }
    house.automations.create(body, NIDA)
    [october] = house.run_due(2025, 10, 1, 9)
    assert names(house, october) == {"Riverside", "Nobody There"}
    [november] = house.run_due(2025, 11, 1, 9)
    assert names(house, november) == {"Garden House"}


def test_after_downtime_only_the_latest_missed_time_is_made_up_for_and_said(house: Desk) -> None:
    automation = house.add()
    [run] = house.run_due(2025, 12, 20, 12)
    assert run.due_at == at(2025, 12, 1, 9)
    assert run.missed == 2
    assert "2025-10-01 09:00, 2025-11-01 09:00" in run.words
    assert house.runs(automation) == [run]
    assert house.seen(automation).next_due_at == at(2026, 1, 1, 9)


def test_times_that_pass_while_it_is_off_are_not_made_up_for(house: Desk) -> None:
    automation = house.add()
    house.automations.change(automation, {"active": False}, NIDA)
    assert house.seen(automation).next_due_at is None
    assert house.run_due(2025, 11, 15, 9) == []
    house.automations.change(automation, {"active": True}, NIDA)
    assert house.run_due(2025, 11, 15, 10) == []
    assert house.seen(automation).next_due_at == at(2025, 12, 1, 9)


def test_run_now_follows_the_same_rules_and_leaves_the_rhythm_alone(house: Desk) -> None:
    automation = house.add()
    run = house.proposals.run_now(automation, NIDA)
    assert (run.outcome, run.by, run.proposed) == (Outcome.IN_REVIEW, "nida", 2)
    assert names(house, run) == {"Riverside", "Garden House", "Nobody There"}
    house.clock.instant = at(2025, 9, 15, 11)
    assert house.proposals.run_now(automation, NIDA).outcome is Outcome.NOBODY_NEW
    [due] = house.run_due(2025, 10, 1, 9)
    assert due.outcome is Outcome.NOBODY_NEW


def test_a_campaign_that_cannot_go_to_review_stays_a_draft_and_calls_a_person(
    house: Desk,
) -> None:
    body = {
        "rhythm": FIRST_OF_MONTH,
        "type": "announcement",
        "filters": {"customer": "Riverside Bangkok"},
        "context": "guaranteed free of charge for 99 years",
    }
    automation = house.automations.create(body, NIDA).automation.id
    [run] = house.run_due(2025, 10, 1, 9)
    assert run.outcome is Outcome.DRAFT
    assert run.campaign_id is not None
    assert house.drafts.get(run.campaign_id).status is CampaignStatus.DRAFT
    assert "blocked" in (house.seen(automation).attention or "")


def test_removing_one_keeps_its_campaigns(house: Desk) -> None:
    automation = house.add()
    [run] = house.run_due(2025, 10, 1, 9)
    house.automations.remove(automation, NIDA)
    assert run.campaign_id is not None
    assert house.drafts.get(run.campaign_id).id == run.campaign_id
    with pytest.raises(NotFound):
        house.seen(automation)
    assert house.run_due(2025, 11, 1, 9) == []


def test_every_change_and_every_run_is_in_the_audit_trail(house: Desk) -> None:
    automation = house.add()
    house.automations.change(automation, {"name": "Monthly"}, NIDA)
    house.run_due(2025, 10, 1, 9)
    house.automations.remove(automation, NIDA)
    entries, _ = house.services.access.audit(f"automation:{automation}", "", 50)
    assert [(e.action, e.actor) for e in reversed(entries)] == [
        ("automation.created", "nida"),
        ("automation.changed", "nida"),
        ("automation.run", "system"),
        ("automation.removed", "nida"),
    ]
    assert house.services.access.verify_audit()[1] is None


def test_whoever_changes_what_it_asks_for_is_its_author(house: Desk) -> None:
    automation = house.add()
    other = type(NIDA)(name="anna", scopes=NIDA.scopes)
    house.automations.change(automation, {"name": "Monthly", "active": True}, other)
    assert house.seen(automation).automation.author == "nida"
    house.automations.change(automation, {"human_request": WITHIN_60_DAYS}, other)
    assert house.seen(automation).automation.author == "anna"


def test_a_run_that_lost_the_race_stores_nothing(
    house: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    automation = house.add()
    draft = house.drafts.draft

    def slow(*args: object, **kwargs: object) -> object:
        monkeypatch.undo()
        house.proposals.run_now(automation, NIDA)
        return draft(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(house.drafts, "draft", slow)
    with pytest.raises(Stale):
        house.proposals.run_now(automation, NIDA)
    assert len(house.runs(automation)) == 1
    assert len(house.drafts.page(None, "", 50)[0]) == 1


def test_an_unexpected_error_is_a_failed_run_and_stops_no_other(
    house: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = house.add(), house.add()
    plan = house.automations.plan

    def breaks(automation: object) -> object:
        if getattr(automation, "id", None) == bad:
            raise RuntimeError("a bug")
        return plan(automation)  # type: ignore[arg-type]

    monkeypatch.setattr(house.automations, "plan", breaks)
    runs = {run.automation_id: run.outcome for run in house.run_due(2025, 10, 1, 9)}
    assert runs == {bad: Outcome.FAILED, good: Outcome.IN_REVIEW}
    assert house.run_due(2025, 10, 1, 9) == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/rhythm"),
        ({"rhythm": {"every": "month"}}, "/rhythm/day"),
        ({"rhythm": FIRST_OF_MONTH}, "/human_request"),
        ({"rhythm": FIRST_OF_MONTH, "human_request": " "}, "/human_request"),
        ({"rhythm": FIRST_OF_MONTH, "human_request": "Say hello to the florps"}, "/human_request"),
        ({"rhythm": FIRST_OF_MONTH, "human_request": WITHIN_60_DAYS, "type": "survey"}, "/type"),
        ({"rhythm": FIRST_OF_MONTH, "type": "renewal", "filters": {"city": "X"}}, "/filters/city"),
        ({"rhythm": FIRST_OF_MONTH, "type": "survey", "send_at": "2025-10-01"}, "/send_at"),
        ({"rhythm": FIRST_OF_MONTH, "human_request": WITHIN_60_DAYS, "again_after_days": 0}, "/a"),
    ],
)
def test_what_cannot_run_is_refused_when_it_is_set_up(
    house: Desk, body: dict[str, object], pointer: str
) -> None:
    with pytest.raises(RequestInvalid) as refused:
        house.automations.create(body, NIDA)
    assert refused.value.faults[0].pointer.startswith(pointer)
    assert house.automations.page("", 50)[0] == []


# --- many processes, and the power cut -------------------------------------------------------------

DAYS = 12
FIRST = at(2025, 9, 15, 0)


def start(store: SqlStore, tmp_path: Path) -> "subprocess.Popen[bytes]":
    url = url_of(store) or "-"
    command = [sys.executable, "-m", "tests.conformance.proposer", str(tmp_path / "book.md")]
    command += [str(tmp_path), url, FIRST.isoformat(), str(DAYS)]
    return subprocess.Popen(command)  # noqa: S603 - our own script


def proposed(house: Desk, runs: list[Run]) -> Counter[CustomerId]:
    found: Counter[CustomerId] = Counter()
    for run in runs:
        if run.campaign_id is not None:
            messages, _ = house.drafts.messages(CampaignId(run.campaign_id), "", 500)
            found.update({m.customer_id for m in messages})
    return found


def grown_book(path: Path) -> Path:
    """A book of which a few more contracts come into the window every day."""
    ends = {f"House {n:03d}": f"2025-{11 + n // 60:02d}-{1 + n % 60 // 2:02d}" for n in range(90)}
    return write_book(path, ends)


def expect_one_run_a_day_and_nobody_twice(house: Desk, automation: AutomationId) -> None:
    house.clock.instant = FIRST
    runs = house.runs(automation)
    nine = at(2025, 9, 15, 9)
    assert sorted(run.due_at for run in runs) == [nine + timedelta(days=n) for n in range(DAYS)]
    stored = {c.id for c in house.drafts.page(None, "", 500)[0]}
    assert stored == {run.campaign_id for run in runs if run.campaign_id is not None}
    twice = {who: n for who, n in proposed(house, runs).items() if n > 1}
    assert twice == {}
    assert len(proposed(house, runs)) > 20


@pytest.mark.slow
def test_two_processes_and_many_power_cuts_make_one_run_of_each_due_time(
    store: SqlStore, tmp_path: Path
) -> None:
    book = grown_book(tmp_path / "book.md")
    with desk(book, tmp_path, url_of(store), FIRST) as house:
        automation = house.add(rhythm={"every": "day", "at": "09:00"})
        two = [start(store, tmp_path), start(store, tmp_path)]
        killed = 0
        # Cut the power once some runs are there, so that it strikes in the middle of others.
        for wanted in (2, 6):
            deadline = time.monotonic() + 60
            while len(house.runs(automation)) < wanted and time.monotonic() < deadline:
                time.sleep(0.01)
            victim = two[killed % 2]
            if victim.poll() is None:
                victim.kill()
                killed += 1
            victim.wait()
            two[two.index(victim)] = start(store, tmp_path)
        assert [process.wait(timeout=120) for process in two] == [0, 0]
        assert killed > 0
        expect_one_run_a_day_and_nobody_twice(house, automation)
