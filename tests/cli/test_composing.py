"""At the terminal: what the book says otherwise, words to answer for, and what may work again."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import update
from typer.testing import CliRunner

from campaigns import bootstrap, settings
from campaigns.bootstrap import Services
from campaigns.cli import app
from campaigns.cli.campaigns import me
from campaigns.model.campaign import CampaignStatus
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import Message, MessageStatus
from campaigns.store import tables as t

BOOK = Path(__file__).parent.parent / "api" / "small_book.md"
PLAIN = "We hope the gamelans please you."


def call(folder: Path, *words: str) -> Result:
    options = ["--book", str(folder / "book.md"), "--data", str(folder), "--today", "2025-09-15"]
    return CliRunner().invoke(app, [*words, *options])


def ends_later(folder: Path, customer: str) -> None:
    here = ["--book", str(folder / "book.md"), "--data", str(folder)]
    words = ["book", "set", customer, "Contract End", "2025-11-20", *here]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output


def said(result: Result) -> str:
    return " ".join(result.output.split())


@contextmanager
def house(folder: Path) -> Iterator[Services]:
    chosen = settings.read(
        campaigns_book=folder / "book.md",
        campaigns_data=folder,
        campaigns_today="2025-09-15",
        campaigns_simulate="all",
    )
    with bootstrap.opened(chosen) as services:
        yield services


@pytest.fixture
def campaign(tmp_path: Path) -> CampaignId:
    shutil.copy(BOOK, tmp_path / "book.md")
    request = "Send renewal reminders to all Hiltons in Thailand expiring this quarter by email"
    made = call(tmp_path, "create", request, "--simulate", "--json")
    return CampaignId(json.loads(made.output)["campaign_id"])


def edited(folder: Path, campaign: CampaignId, more: str) -> Message:
    with house(folder) as services:
        first = services.drafts.messages(campaign, "", 1)[0][0]
        return services.edits.edit(campaign, first.id, {"text": f"{first.text}\n\n{more}"}, me())


def test_only_what_changed_is_written_anew(tmp_path: Path, campaign: CampaignId) -> None:
    nothing = call(tmp_path, "recompose", campaign, "--dry-run")
    assert "says nothing else" in said(nothing)
    refused = call(tmp_path, "recompose", campaign)
    assert (refused.exit_code, "Nothing that could be recomposed" in said(refused)) == (1, True)
    ends_later(tmp_path, "Hilton Pattaya")
    seen = call(tmp_path, "recompose", campaign, "--dry-run")
    assert "Hilton Pattaya contract end was" in said(seen)
    [drift] = json.loads(call(tmp_path, "recompose", campaign, "--dry-run", "--json").output)[
        "changed"
    ]
    assert (drift["customer"], drift["matches"]) == ("Hilton Pattaya", True)
    assert said(call(tmp_path, "recompose", campaign)) == "1 customer recomposed."
    with house(tmp_path) as services:
        texts = {m.customer: m.text for m in services.drafts.messages(campaign, "", 100)[0]}
    assert "November" in texts["Hilton Pattaya"]
    assert "says nothing else" in said(call(tmp_path, "recompose", campaign, "--dry-run"))


def test_words_changed_by_hand_are_kept_and_the_fix_is_named(
    tmp_path: Path, campaign: CampaignId
) -> None:
    mine = edited(tmp_path, campaign, "Thank you.")
    ends_later(tmp_path, mine.customer)
    assert "edited by hand" in said(call(tmp_path, "recompose", campaign, "--dry-run"))
    done = said(call(tmp_path, "recompose", campaign))
    assert "1 with words changed by hand kept them." in done
    assert f"1 message to fix: campaigns preview {campaign}" in done


def test_plain_words_are_confirmed_by_name(tmp_path: Path, campaign: CampaignId) -> None:
    message = edited(tmp_path, campaign, PLAIN)
    shown = said(call(tmp_path, "preview", campaign, "--samples", "100"))
    assert "≈ to confirm:" in shown
    assert "Confirm: campaigns confirm" in shown
    wrong = call(tmp_path, "confirm", campaign, message.id, "20%")
    assert (wrong.exit_code, "needs a source" in said(wrong)) == (1, True)
    done = call(tmp_path, "confirm", campaign, message.id, PLAIN)
    assert done.exit_code == 0, done.output
    assert said(done) == f"Confirmed by {me().name}. {message.id} is verified."
    assert "to confirm" not in said(call(tmp_path, "preview", campaign, "--samples", "100"))
    nobody = call(tmp_path, "confirm", campaign, "m_none", PLAIN)
    assert (nobody.exit_code, "List them: campaigns preview" in said(nobody)) == (1, True)
    assert call(tmp_path, "confirm", campaign, message.id).exit_code == 2


def test_the_same_words_are_confirmed_in_every_message(
    tmp_path: Path, campaign: CampaignId
) -> None:
    with house(tmp_path) as services:
        found = services.drafts.messages(campaign, "", 100)[0]
        for n, m in enumerate(found):
            more = f"{PLAIN} We guarantee a 20% discount." if n == 1 else PLAIN
            services.edits.edit(campaign, m.id, {"text": f"{m.text}\n\n{more}"}, me())
    asked = ("confirm", campaign, found[0].id, PLAIN, "--everywhere")
    done = call(tmp_path, *asked)
    assert done.exit_code == 0, done.output
    assert said(done) == (
        f"Confirmed by {me().name} in {len(found)} messages. "
        f"1 of them still to fix: campaigns preview {campaign}"
    )
    with house(tmp_path) as services:
        states = [m.status for m in services.drafts.messages(campaign, "", 100)[0]]
    assert states.count(MessageStatus.VERIFIED) == len(found) - 1
    again = call(tmp_path, *asked)
    assert (again.exit_code, "needs a source" in said(again)) == (1, True)


def failed(folder: Path, campaign: CampaignId, *reasons: str) -> list[MessageId]:
    """Have the campaign be over, all of it delivered but what failed for these reasons."""
    m = t.messages.c
    with house(folder) as services:
        shown = services.approvals.submit(campaign, me()).content_hash
        services.approvals.approve(campaign, shown, me())
        ids = [m.id for m in services.drafts.messages(campaign, "", len(reasons))[0]]
        gone = {"status": MessageStatus.DELIVERED.value, "attempt": 1}
        with services.store.engine.begin() as c:
            c.execute(update(t.messages).where(m.campaign_id == campaign).values(gone))
            for message_id, reason in zip(ids, reasons, strict=True):
                lost = {"status": MessageStatus.FAILED.value, "reason": reason}
                c.execute(update(t.messages).where(m.id == message_id).values(lost))
        with services.store.begin() as tx:
            old, new = [CampaignStatus.APPROVED], CampaignStatus.COMPLETED
            assert tx.campaigns.move(campaign, old, new, services.clock.now())
    return ids


def test_what_may_work_is_sent_again_and_waited_for(tmp_path: Path, campaign: CampaignId) -> None:
    ids = failed(tmp_path, campaign, "transient: 503: busy", "content: spam")
    done = call(tmp_path, "retry", campaign, "--simulate")
    assert done.exit_code == 0, done.output
    assert said(done).startswith("1 message on the way again.")
    with house(tmp_path) as services:
        assert [services.drafts.message(campaign, i).attempt for i in ids] == [2, 1]
        assert services.drafts.get(campaign).status is CampaignStatus.COMPLETED
    again = call(tmp_path, "retry", campaign, "--simulate")
    assert (again.exit_code, "failed that may work again" in said(again)) == (1, True)


def test_of_a_paused_campaign_it_waits_until_that_is_resumed(
    tmp_path: Path, campaign: CampaignId
) -> None:
    [lost] = failed(tmp_path, campaign, "transient: 503: busy")
    with house(tmp_path) as services, services.store.begin() as tx:
        old, new = [CampaignStatus.COMPLETED], CampaignStatus.PAUSED
        assert tx.campaigns.move(campaign, old, new, services.clock.now())
    done = said(call(tmp_path, "retry", campaign, "--simulate"))
    assert f"It is paused. Go on with: campaigns resume {campaign}" in done
    with house(tmp_path) as services:
        assert services.drafts.message(campaign, lost).status is MessageStatus.QUEUED
    resumed = call(tmp_path, "resume", campaign, "--simulate")
    assert resumed.exit_code == 0, resumed.output
    with house(tmp_path) as services:
        assert services.drafts.message(campaign, lost).attempt == 2
