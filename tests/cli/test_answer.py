"""Answering from the terminal: given, shown, taken back, decided, refused with a reason."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from campaigns import bootstrap, settings
from campaigns.cli import app
from campaigns.cli.campaigns import me
from campaigns.model.customer import Channel
from campaigns.model.delivery import DeliveryEvent, EventType, Reason, ReasonClass
from campaigns.model.message import MessageStatus
from campaigns.model.reply import Reply

BOOK = Path(__file__).parent.parent / "api" / "small_book.md"
PHONE, WORDS = "+66856644142", "Thank you for your message."


@pytest.fixture
def reply(tmp_path: Path) -> Reply:
    chosen = settings.read(campaigns_book=BOOK, campaigns_data=tmp_path, campaigns_simulate="all")
    with bootstrap.opened(chosen) as services:
        return services.answers.respond(PHONE, "Please call me", Channel.WHATSAPP, me())


def call(folder: Path, *words: str) -> Result:
    options = ["--book", str(BOOK), "--data", str(folder), "--simulate"]
    return CliRunner().invoke(app, ["answer", *words, *options])


def said(result: Result) -> str:
    return " ".join(result.output.split())


def test_an_answer_is_given_shown_and_taken_back(tmp_path: Path, reply: Reply) -> None:
    given = call(tmp_path, "give", reply.id, WORDS)
    assert given.exit_code == 0, given.output
    assert "by whatsapp is queued" in said(given)
    again = json.loads(call(tmp_path, "give", reply.id, WORDS, "--json").output)
    shown = json.loads(call(tmp_path, "show", reply.id, "--json").output)
    [answer] = shown["answers"]
    assert (answer["answer_id"], answer["text"]) == (again["answer_id"], WORDS)
    assert {w["channel"]: w["open"] for w in shown["ways"]}["whatsapp"]
    assert "is cancelled" in said(call(tmp_path, "undo", reply.id))
    table = said(call(tmp_path, "show", reply.id))
    assert f"whatsapp {PHONE} yes" in table


def test_a_second_answer_names_the_first_and_claims_are_stood_for(
    tmp_path: Path, reply: Reply
) -> None:
    offer = "We give 20% off."
    refused = call(tmp_path, "give", reply.id, offer)
    assert (refused.exit_code, "20%" in refused.output) == (1, True)
    stood_for = [word for claim in ("We give", "20%", "off") for word in ("--confirm", claim)]
    given = call(tmp_path, "give", reply.id, offer, *stood_for, "--json")
    assert given.exit_code == 0, given.output
    first = json.loads(given.output)["answer_id"]
    second = call(tmp_path, "give", reply.id, WORDS)
    assert (second.exit_code, f"name it ({first})" in said(second)) == (1, True)
    more = call(tmp_path, "give", reply.id, WORDS, "--after", first)
    assert more.exit_code == 0, more.output


def test_what_failed_is_decided_and_what_has_not_is_refused(tmp_path: Path, reply: Reply) -> None:
    nothing = call(tmp_path, "decide", reply.id, "give_up", "--why", "x")
    assert (nothing.exit_code, "Nobody has answered" in said(nothing)) == (1, True)
    call(tmp_path, "give", reply.id, WORDS)
    queued = call(tmp_path, "decide", reply.id, "send_again", "--why", "x")
    assert (queued.exit_code, "is queued: only one that failed" in said(queued)) == (1, True)
    _fail(tmp_path, reply)
    decided = call(tmp_path, "decide", reply.id, "send_again", "--why", "their phone was off")
    assert decided.exit_code == 0, decided.output
    assert "is queued: " in said(decided)
    assert "their phone was off" in said(decided)


def _fail(folder: Path, reply: Reply) -> None:
    """Have the newest answer fail, as the provider would tell of it."""
    chosen = settings.read(campaigns_book=BOOK, campaigns_data=folder, campaigns_simulate="all")
    with bootstrap.opened(chosen) as services:
        newest = services.answering.look(reply.id).newest
        assert newest is not None
        now = services.clock.now()
        event = DeliveryEvent(
            channel=newest.channel,
            type=EventType.FAILED,
            dedupe_key="failed",
            occurred_at=now,
            message_id=newest.id,
            reason=Reason(kind=ReasonClass.TRANSIENT),
        )
        with services.store.begin() as tx:
            assert tx.outbox.record(event, now).status is MessageStatus.FAILED


def test_a_reply_nobody_wrote_is_an_error(tmp_path: Path) -> None:
    missing = call(tmp_path, "show", "r_0")
    assert (missing.exit_code, "There is no reply r_0" in said(missing)) == (1, True)


def test_who_wrote_is_said_and_taken_back(tmp_path: Path, reply: Reply) -> None:
    def sender(*words: str) -> Result:
        options = ["--book", str(BOOK), "--data", str(tmp_path)]
        return CliRunner().invoke(app, ["sender", *words, *options])

    chosen = settings.read(campaigns_book=BOOK, campaigns_data=tmp_path, campaigns_simulate="all")
    with bootstrap.opened(chosen) as services:
        unknown = services.answers.respond("+66812004001", "Call me", Channel.WHATSAPP, me()).id
    assert "is from Hilton Pattaya" in said(sender("set", unknown, "Hilton Pattaya"))
    told = json.loads(sender("undo", unknown, "--json").output)
    assert told["customer"] is None
    refused = sender("set", reply.id, "Hilton Pattaya")
    assert (refused.exit_code, "The address says" in said(refused)) == (1, True)
