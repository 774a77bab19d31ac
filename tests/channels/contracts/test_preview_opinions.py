"""The preview shows what LINE itself says of the samples, and nothing is sent for it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.channels.contracts.conftest import line_house
from tests.channels.contracts.test_end_to_end import line_ids
from tests.support.providers import Switchboard
from tests.support.sending import message

from campaigns.bootstrap import Services
from campaigns.channels.simulator.http import LineSimulator
from campaigns.model.access import SYSTEM
from campaigns.model.customer import Channel
from campaigns.model.message import Check
from campaigns.orchestrator.opinions import with_opinions

REQUEST = "Announce our new playlists to all customers by LINE"


@pytest.fixture
def house(board: Switchboard, line: LineSimulator, tmp_path: Path) -> Iterator[Services]:
    with line_house(tmp_path, board.url, line) as services:
        yield services


def opinions(house: Services, samples: int = 50) -> list[Check]:
    campaign, _ = house.drafts.create(REQUEST, SYSTEM)
    shown = house.drafts.preview(campaign.id, samples).samples
    assert {m.channel for m in shown} == {Channel.LINE}
    return [c for m in shown for c in m.checks if c.check == "line_validate"]


def test_every_sample_carries_lines_own_verdict(house: Services, line: LineSimulator) -> None:
    found = opinions(house)
    assert len(found) == len(line_ids())
    assert all(check.ok for check in found)
    assert line.pushed == []


def test_when_line_cannot_be_asked_the_preview_comes_without(
    house: Services, line: LineSimulator
) -> None:
    line.own.token = "another"
    assert opinions(house) == []


def test_an_objection_is_a_check_that_failed_on_its_message_alone() -> None:
    good, bad = (message(n, Channel.LINE) for n in (1, 2))
    other, empty = message(3, Channel.EMAIL), replace(message(4, Channel.LINE), text=" ")
    asked: list[str] = []

    def ask(messages: list) -> dict:
        asked.extend(m.id for m in messages)
        return {good.id: "", bad.id: "LINE would refuse it: messages[0].text"}

    shown = with_opinions([good, bad, other, empty], {Channel.LINE: ask})
    assert asked == [good.id, bad.id]
    last = [m.checks[-1] if m.checks else None for m in shown]
    assert [(c.ok, c.expected) if c else None for c in last] == [
        (True, None),
        (False, "LINE would refuse it: messages[0].text"),
        None,
        None,
    ]
