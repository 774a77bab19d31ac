"""What was approved is kept, and what an approver should look at is found, on every database."""

from dataclasses import replace

from sqlalchemy import update
from tests.support.sending import NOON, campaign, message, plant

from campaigns.model.audience import Audience, Member
from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message, Template
from campaigns.model.message import MessageStatus as S
from campaigns.store import SqlStore
from campaigns.store import tables as t

ID = CampaignId("c_1")


def in_template(number: int, name: str, campaign_id: str = "c_1") -> Message:
    plain = message(number, Channel.WHATSAPP, campaign_id=campaign_id, status=S.APPROVED)
    return replace(plain, template=Template(name=name, language="en", parameters={}))


def test_messages_are_kept_as_they_were_until_they_are_forgotten(store: SqlStore) -> None:
    plant(store, [message(1, status=S.APPROVED), message(2, is_test=True)])
    with store.begin() as tx:
        tx.approved.keep(ID)
        [old] = tx.messages.all(ID)
        tx.messages.edit(replace(old, text="Something else."), [S.APPROVED])
        [kept] = tx.approved.of(ID)
        assert (kept.customer, kept.text, kept.address) == (old.customer, old.text, old.address)
        tx.approved.keep(ID)
        assert [k.text for k in tx.approved.of(ID)] == ["Something else."]
        tx.approved.forget(ID)
        assert tx.approved.of(ID) == []


def test_a_template_is_new_until_somebody_was_sent_it_in_another_campaign(store: SqlStore) -> None:
    plant(store, [in_template(1, "known"), in_template(2, "fresh"), message(3)])
    plant(
        store,
        [in_template(4, "known", "c_2"), in_template(5, "fresh", "c_2")],
        campaign("c_2", CampaignStatus.SENDING),
    )
    with store.begin() as tx:
        assert sorted(tx.desk.new_templates(ID)) == ["fresh", "known"]
        [first, _] = tx.messages.all(CampaignId("c_2"))
        tx.messages.edit(replace(first, status=S.SENDING, attempt=1), [S.APPROVED])
    left(store, first)
    with store.read() as tx:
        assert tx.desk.new_templates(ID) == ["fresh"]


def left(store: SqlStore, one: Message) -> None:
    with store.engine.begin() as c:
        c.execute(update(t.messages).where(t.messages.c.id == one.id).values(left_at=NOON))


def test_the_outline_counts_what_a_person_answers_for(store: SqlStore) -> None:
    said = [message(1), replace(message(2), vouched=2, edited=True)]
    plant(store, said)
    members = tuple(
        Member(
            customer_id=m.customer_id,
            name=m.customer,
            brand=None,
            brand_group=None,
            city=None,
            country=None,
            zones=None,
            contract_end=None,
            contacts=(),
        )
        for m in said
    )
    with store.begin() as tx:
        tx.campaigns.freeze(ID, Audience(customers=2, zones=0, members=members))
        found = tx.desk.outline(ID)
    assert [(o.edited, o.vouched) for o in found] == [(False, 0), (True, 2)]


def test_what_other_campaigns_usually_come_to_counts_reads_where_they_are_told(
    store: SqlStore,
) -> None:
    plant(store, [message(1, status=S.READ)])
    others = [
        message(2, campaign_id="c_2", status=S.READ),
        message(3, campaign_id="c_2", status=S.DELIVERED),
        message(4, campaign_id="c_2", status=S.FAILED),
        message(5, Channel.LINE, campaign_id="c_2", status=S.DELIVERED),
    ]
    plant(store, others, campaign("c_2", CampaignStatus.COMPLETED))
    with store.read() as tx:
        usual = tx.progress.usual(ID)
    assert (usual.ended, usual.delivered, usual.readable, usual.read) == (4, 3, 2, 1)
    assert (usual.customers_reached, usual.customers_interested) == (3, 0)
