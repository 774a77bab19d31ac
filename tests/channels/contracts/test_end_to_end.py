"""A campaign over real HTTP, both ways: engine, real carriers, providers, webhooks.

Requests break on the way, webhooks come twice, out of order and not at all; in the end everybody
got one message at most and every message's state is what the provider knows.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from tests.support.providers import Switchboard, switchboard

from campaigns import settings
from campaigns.app import create_app
from campaigns.bootstrap import Services, opened, sample_book
from campaigns.channels.simulator.http import LineSimulator, Trouble, WhatsAppSimulator
from campaigns.channels.simulator.http.herald import Mishaps, Update
from campaigns.channels.simulator.http.line import Pushed
from campaigns.channels.simulator.http.whatsapp_news import Taken
from campaigns.cli.doctor import diagnose
from campaigns.model.access import SYSTEM
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId
from campaigns.model.message import Message, MessageStatus
from campaigns.model.reply import Intent, Reply
from campaigns.model.template import TemplateNews, TemplateStatus

PATIENCE_S = 90.0
REQUEST = "Announce our new playlists to all customers by WhatsApp and LINE"
LINE_PLAN = 100_000  # messages a month
M = MessageStatus


@dataclass
class World:
    """The house and the providers around it."""

    house: Services
    meta: WhatsAppSimulator
    line: LineSimulator

    def messages(self, campaign_id: CampaignId) -> list[Message]:
        with self.house.store.read() as tx:
            return list(tx.messages.all(campaign_id))

    def replies(self) -> list[Reply]:
        return list(self.house.answers.page("", 500, None, waiting=False)[0])

    def suppressed(self, channel: Channel, address: str) -> bool:
        with self.house.store.read() as tx:
            return bool(tx.consents.suppressed([(channel, address)]))

    def quiet(self) -> bool:
        """Whether everything the providers told is taken in."""
        with self.house.store.read() as tx:
            waiting = tx.webhooks.waiting()
        return self.meta.herald.settled() and self.line.herald.settled() and not waiting

    def taken(self, campaign_id: CampaignId) -> list[tuple[str, Taken]]:
        """What Meta took of a campaign, each with the id of our message."""
        own = {m.id for m in self.messages(campaign_id)}
        named = [
            (str(t.body.biz_opaque_callback_data).partition(":")[0], t) for t in self.meta.taken
        ]
        return [(message_id, t) for message_id, t in named if message_id in own]

    def pushed(self, campaign_id: CampaignId) -> list[Pushed]:
        """What LINE took of a campaign."""
        own = {(m.address, m.text) for m in self.messages(campaign_id)}
        return [p for p in self.line.pushed if (p.to, p.text) in own]


def until(happened: Callable[[], bool], what: Callable[[], object] = str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < deadline, f"it did not happen in time: {what()}"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        boards: list[Switchboard] = [stack.enter_context(switchboard()) for _ in range(3)]
        house: list[Services] = []  # opened below, when the providers' addresses are known

        def now() -> datetime:
            return house[0].clock.now()

        meta, line = WhatsAppSimulator(now), LineSimulator(now)
        boards[0].app, boards[1].app = meta.app, line.app
        chosen = settings.read(
            campaigns_book=sample_book(),
            campaigns_data=tmp_path_factory.mktemp("house"),
            campaigns_today="2025-09-15",
            campaigns_simulate="email",
            campaigns_hold_seconds=0,
            campaigns_send_window="always",
            campaigns_whatsapp_url=boards[0].url,
            campaigns_line_url=boards[1].url,
            whatsapp_access_token=meta.own.token,
            whatsapp_phone_number_id=meta.own.phone_number_id,
            whatsapp_business_account_id=meta.own.business_account_id,
            whatsapp_app_secret=meta.own.app_secret,
            whatsapp_verify_token="verify-me",
            line_channel_access_token=line.own.token,
            line_channel_secret=line.own.channel_secret,
        )
        line.known |= set(line_ids())
        line.allows(LINE_PLAN)
        services = stack.enter_context(opened(chosen, working=True))
        house.append(services)
        boards[2].app = create_app(services)
        for simulator, channel in ((meta, "whatsapp"), (line, "line")):
            simulator.herald.callback = f"{boards[2].url}/webhooks/{channel}"
            simulator.herald.start()
            stack.callback(simulator.herald.stop)
        until(lambda: followers(services) == len(line_ids()))  # the profile look-up
        yield World(services, meta, line)


def line_ids() -> list[str]:
    text = sample_book().read_text(encoding="utf-8")
    return [row.split("LINE: ")[1].strip() for row in text.splitlines() if "- LINE: U" in row]


def followers(services: Services) -> int:
    with services.store.read() as tx:
        return len(tx.consents.consented((Channel.LINE, i) for i in line_ids()))


def approved(world: World, request: str) -> CampaignId:
    """Create a campaign and approve it."""
    campaign, _ = world.house.drafts.create(request, SYSTEM)
    shown = world.house.approvals.submit(campaign.id, SYSTEM).content_hash
    world.house.approvals.approve(campaign.id, shown, SYSTEM)
    return campaign.id


def started(world: World, request: str = REQUEST) -> CampaignId:
    """Create and approve a campaign, have its templates approved, and start it."""
    campaign_id = approved(world, request)
    for done in world.house.templates.submit(SYSTEM):
        assert done.refused == ()
    world.house.sends.send(campaign_id, SYSTEM)
    return campaign_id


def approval(name: str, world: World) -> TemplateNews:
    return TemplateNews(
        name=name, language="en", at=world.house.clock.now(), status=TemplateStatus.APPROVED
    )


def test_a_campaign_survives_everything_and_doubles_nothing(world: World) -> None:
    meta, line = world.meta, world.line
    doomed: list[str] = []

    def never_told(update: Update) -> bool:
        """Lose every status of the first message that nobody answered for, and some others."""
        item = update.item
        if update.kind != "statuses":
            return False
        if not doomed:
            doomed.append(item["id"])
        return item["id"] == doomed[0] or (item["status"] == "delivered" and item["id"][-1] in "13")

    meta.herald.mishaps = Mishaps(twice=0.3, reordered=0.4, late_s=0.1, lost=never_told, most=7)
    line.herald.mishaps = Mishaps(twice=0.5, reordered=0.4, late_s=0.1)
    meta.faults.slow_s = 1.0  # so that statuses come before the answer
    meta.faults.then(
        Trouble.UNANSWERED,
        Trouble.SLOW,
        Trouble.BROKEN_LATE,
        Trouble.UNANSWERED,
        None,
        Trouble.DROPPED,
    )
    line.faults.then(Trouble.UNANSWERED, Trouble.DROPPED, Trouble.BROKEN_LATE, None, Trouble.BROKEN)
    campaign_id = started(world)

    until(lambda: Counter(m.status for m in world.messages(campaign_id))[M.QUEUED] == 0)
    until(world.quiet)
    until(
        lambda: (
            not any(
                m.status in (M.SENDING, M.CLAIMED, M.QUEUED)
                or (m.status is M.IN_DOUBT and m.channel is Channel.LINE)
                for m in world.messages(campaign_id)
            )
        )
    )
    until(world.quiet)

    # Nobody got two, and what the providers know is what we know.
    taken, pushed = world.taken(campaign_id), world.pushed(campaign_id)
    assert max(Counter(t.to for _, t in taken).values()) == 1
    assert max(Counter(p.to for p in pushed).values()) == 1
    assert line.changed_requests == []
    known = dict(taken)
    on_whatsapp = [m for m in world.messages(campaign_id) if m.channel is Channel.WHATSAPP]
    to_america = [m for m in on_whatsapp if m.address.startswith("+1")]
    assert {m.status for m in to_america} == {M.FAILED}  # Meta delivers no marketing there
    on_whatsapp = [m for m in on_whatsapp if m not in to_america]
    for m in on_whatsapp:
        if m.id in known and known[m.id].id != doomed[0]:
            assert (m.status, m.provider_id) == (M.READ, known[m.id].id), m.reason
        else:
            assert m.status is M.IN_DOUBT  # it left, and nobody told what became of it
    assert Counter(m.status for m in on_whatsapp)[M.IN_DOUBT] == 2
    on_line = [m for m in world.messages(campaign_id) if m.channel is Channel.LINE]
    assert {m.status for m in on_line} == {M.ACCEPTED}
    assert {m.provider_id for m in on_line} == {p.id for p in pushed}

    # What nobody knows keeps the campaign open until a person decides.
    assert world.house.sends.settle() == []
    for m in on_whatsapp:
        if m.status is M.IN_DOUBT:
            world.house.sends.resolve(campaign_id, m.id, M.ACCEPTED, "it is on her phone", SYSTEM)
    until(lambda: world.house.insights.campaign(campaign_id).campaign.status == "completed")


def test_answers_are_read_and_refusals_obeyed(world: World) -> None:
    meta, line = world.meta, world.line
    meta.herald.mishaps = Mishaps(twice=1.0, reordered=0.5, late_s=0.1)
    line.herald.mishaps = Mishaps(twice=1.0)
    campaign_id = started(world, "Send a survey to all customers by WhatsApp and LINE")
    until(lambda: bool(world.taken(campaign_id)) and world.quiet())
    settled = (M.READ, M.ACCEPTED, M.FAILED)
    until(
        lambda: all(m.status in settled for m in world.messages(campaign_id)),
        lambda: Counter((m.status, m.reason) for m in world.messages(campaign_id)),
    )
    until(world.quiet)
    asked = [t for _, t in world.taken(campaign_id)]
    pushed = world.pushed(campaign_id)
    before = len(world.replies())

    meta.says(asked[0].to, "9, everybody loves it", quoting=asked[0].id)
    meta.presses(asked[1], 0)  # STOP
    meta.says(asked[2].to, "Please stop sending these")
    meta.prefers(asked[3].to, "stop")
    meta.people.hidden.add(asked[4].to)
    meta.says(asked[4].to, "unsubscribe", quoting=asked[4].id)
    meta.sends(asked[5].to, "image", {"id": "1"})
    line.presses(pushed[0], 10)  # ten of ten
    line.unfollows(pushed[1].to)
    line.says(pushed[2].to, "ไม่ต้องส่งมาอีก", quoting=pushed[2].id)
    until(world.quiet)

    replies = world.replies()[: len(world.replies()) - before]
    said = {r.address: r for r in replies}
    assert len(replies) == len(said) == 7  # each once, though told twice
    assert all(r.sender and r.sender.campaign_id == campaign_id for r in replies)
    assert said["+" + asked[0].to].reading.score == 9
    assert said[pushed[0].to].reading.score == 10
    assert said["+" + asked[2].to].reading.intent is Intent.OPT_OUT
    assert said["+" + asked[5].to].suggestion.escalate
    for number in (1, 2, 3, 4):
        assert world.suppressed(Channel.WHATSAPP, "+" + asked[number].to), number
    assert not world.suppressed(Channel.WHATSAPP, "+" + asked[0].to)
    for number in (1, 2):
        assert world.suppressed(Channel.LINE, pushed[number].to), number

    # Following again is a yes; a refusal in words is not taken back by it. Meta tells time in
    # seconds, and of two wishes within one the refusal holds.
    refused_at = world.house.clock.now().replace(microsecond=0)
    until(lambda: world.house.clock.now() - refused_at >= timedelta(seconds=1))
    line.follows(pushed[1].to, again=True)
    line.follows(pushed[2].to, again=True)
    meta.prefers(asked[3].to, "resume")
    meta.prefers(asked[2].to, "resume")
    until(world.quiet)
    assert not world.suppressed(Channel.LINE, pushed[1].to)
    assert world.suppressed(Channel.LINE, pushed[2].to)
    assert not world.suppressed(Channel.WHATSAPP, "+" + asked[3].to)
    assert world.suppressed(Channel.WHATSAPP, "+" + asked[2].to)


def test_a_refused_token_stops_the_channel_and_loses_nothing(world: World) -> None:
    def halted() -> bool:
        return Channel.WHATSAPP in world.house.progress.halted()

    campaign_id = approved(world, "Send a renewal reminder to Hilton Pattaya by WhatsApp")
    [message] = world.messages(campaign_id)
    assert message.template is not None
    known = world.meta.register(message.template.name, "en", message.template.body)
    with world.house.store.begin() as tx:
        world.house.templates.heard(tx, approval(known.name, world))
    world.meta.own.token, token = "another", world.meta.own.token
    world.house.sends.send(campaign_id, SYSTEM)
    until(halted)
    world.meta.own.token = token
    assert world.messages(campaign_id)[0].status is M.QUEUED
    world.house.sends.reopen(Channel.WHATSAPP, SYSTEM)
    world.house.sends.pause(campaign_id, SYSTEM)
    world.house.sends.resume(campaign_id, SYSTEM)  # at once; by itself within half a minute
    until(lambda: world.messages(campaign_id)[0].status is M.READ)


def test_the_doctor_asks_the_providers_and_names_what_is_missing(world: World) -> None:
    house, chosen = world.house, world.house.settings
    found = {f.what: f for f in diagnose(house)}
    for line in ("whatsapp: connects", "line: connects", "whatsapp: webhooks are taken"):
        assert found[line].ok
    world.meta.own.token, token = "another", world.meta.own.token
    house.settings = chosen.model_copy(update={"line_channel_secret": None})
    found = {f.what: f for f in diagnose(house)}
    world.meta.own.token, house.settings = token, chosen
    assert "WHATSAPP_ACCESS_TOKEN" in found["whatsapp: does not connect"].next_step
    assert "LINE_CHANNEL_SECRET" in found["line: webhooks are refused"].next_step


def test_the_forecast_and_the_doctor_know_what_lines_plan_has_left(world: World) -> None:
    request = "Announce our new playlists to all customers by LINE"
    campaign, _ = world.house.drafts.create(request, SYSTEM)
    (channel,) = world.house.outlook.forecast(campaign.id).channels
    assert channel.allowance is not None
    assert (channel.allowance.limit, channel.short) == (LINE_PLAN, 0)
    said = [f.what for f in diagnose(world.house) if "messages of line's plan this month" in f.what]
    assert len(said) == 1
