"""What failed for a reason that passes is sent again at a person's word; numbers have a usual one."""

import re

import pytest
from sqlalchemy import update
from tests.web import rows
from tests.web.conftest import SignIn, Until
from tests.web.houses import PEOPLE, approved, created, notice_after, text_of

from campaigns.bootstrap import Services
from campaigns.model.access import Actor, Scope
from campaigns.model.campaign import CampaignStatus
from campaigns.model.errors import WrongState
from campaigns.model.ids import CampaignId, MessageId
from campaigns.model.message import MessageStatus as M
from campaigns.store import tables as t

AUTHOR = Actor(name=PEOPLE["manager"][0], scopes=frozenset({Scope.READ, Scope.SEND}))
APPROVER = Actor(name=PEOPLE["approver"][0], scopes=frozenset({Scope.APPROVE}))


@pytest.fixture
def done(house: Services, signed_in: SignIn) -> CampaignId:
    """A campaign that was sent and is over, all of it delivered; no news of it is to come."""
    campaign_id = CampaignId(approved(signed_in("manager"), signed_in("approver")))
    m = t.messages.c
    gone = {"status": M.DELIVERED.value, "attempt": 1, "left_at": house.clock.now()}
    with house.store.engine.begin() as c:
        c.execute(update(t.messages).where(m.campaign_id == campaign_id).values(gone))
    with house.store.begin() as tx:
        now = house.clock.now()
        old = [CampaignStatus.APPROVED]
        assert tx.campaigns.move(campaign_id, old, CampaignStatus.COMPLETED, now)
    return campaign_id


def failed(house: Services, campaign_id: CampaignId, *reasons: str) -> list[str]:
    """Have messages have failed instead, one for each reason; return their ids."""
    ids = [m.id for m in house.drafts.messages(campaign_id, "", len(reasons))[0]]
    with house.store.engine.begin() as c:
        for message_id, reason in zip(ids, reasons, strict=True):
            c.execute(
                update(t.messages)
                .where(t.messages.c.id == message_id)
                .values(status=M.FAILED.value, reason=reason)
            )
    return ids


def test_only_what_may_work_is_sent_again_and_the_campaign_ends_again(
    house: Services, signed_in: SignIn, done: CampaignId, until: Until
) -> None:
    passing = ("transient: 503: busy", "rate_limited: 429", "quota: daily")
    lasting = ("content: spam", "invalid_recipient: 550")
    ids = failed(house, done, *passing, *lasting)
    manager = signed_in("manager")
    assert "Retry 3 that may work" in text_of(manager.get(f"/campaigns/{done}").text)
    assert "that may work" not in text_of(signed_in("viewer").get(f"/campaigns/{done}").text)
    assert signed_in("viewer").post(f"/campaigns/{done}/retry").status_code == 403
    answer = manager.post(f"/campaigns/{done}/retry")
    assert answer.status_code == 303, text_of(answer.text)
    assert "3 messages on the way again" in notice_after(manager, answer.headers["location"])
    until(lambda: house.drafts.get(done).status is CampaignStatus.COMPLETED)
    found = [house.drafts.message(done, i).attempt for i in ids]
    assert found == [2, 2, 2, 1, 1]
    trail, _ = house.access.audit(f"campaign:{done}", "", 10)
    told = next(e for e in trail if e.action == "campaign.retried")
    assert (told.actor, told.detail["messages"]) == (AUTHOR.name, 3)


def test_what_is_no_longer_as_approved_or_rolled_back_is_not_sent_again(
    house: Services, done: CampaignId
) -> None:
    failed(house, done, "transient: 503")
    house.sends.rollback(done, AUTHOR)
    assert house.retries.count(done) == 0
    with pytest.raises(WrongState):
        house.retries.retry(done, AUTHOR)


def test_without_a_passing_failure_there_is_nothing_to_retry(
    house: Services, signed_in: SignIn, done: CampaignId
) -> None:
    failed(house, done, "content: spam")
    assert "that may work" not in text_of(signed_in("manager").get(f"/campaigns/{done}").text)
    with pytest.raises(WrongState):
        house.retries.retry(done, AUTHOR)


def test_numbers_are_held_against_the_usual_ones_where_there_are_enough(
    house: Services, signed_in: SignIn
) -> None:
    manager = signed_in("manager")
    mine, other = created(manager), created(manager)
    rows.halve(house, mine, APPROVER)
    page = manager.get(f"/campaigns/{mine}").text
    numbers = re.search(r'aria-label="Key numbers">.*?</ul>', page, re.DOTALL)
    assert numbers
    rows.grow(house, other)
    rows.halve(house, other, APPROVER)
    page = manager.get(f"/campaigns/{mine}").text
    numbers = re.search(r'aria-label="Key numbers">.*?</ul>', page, re.DOTALL)
    assert numbers
    said = text_of(numbers[0])
    usual = house.progress.outcome(CampaignId(mine)).usual
    assert f"usual {usual.delivered / usual.ended:.0%}" in said
    assert f"usual {usual.read / usual.readable:.0%}" in said
    assert len(re.findall(r"usual \d+%", said)) == 4  # delivered, read, interested, opted out


def test_a_person_has_one_message_sent_again_and_the_completed_campaign_goes_on_until_it_is_done(
    house: Services, done: CampaignId, until: Until
) -> None:
    [lost] = failed(house, done, "content: spam")
    message_id = MessageId(lost)
    house.sends.resolve(done, message_id, M.QUEUED, "the provider says it was a mistake", AUTHOR)
    until(lambda: house.drafts.get(done).status is CampaignStatus.COMPLETED)
    assert house.drafts.message(done, message_id).attempt == 2


def test_nothing_of_a_cancelled_campaign_is_sent_again_by_a_decision(
    house: Services, done: CampaignId
) -> None:
    [lost] = failed(house, done, "transient: 503")
    over = update(t.campaigns).where(t.campaigns.c.id == done)
    with house.store.engine.begin() as c:
        c.execute(over.values(status=CampaignStatus.CANCELLED.value))
    with pytest.raises(WrongState, match="cannot be sent again"):
        house.sends.resolve(done, MessageId(lost), M.QUEUED, "once more", AUTHOR)
    assert house.drafts.message(done, MessageId(lost)).status is M.FAILED
