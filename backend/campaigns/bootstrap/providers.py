"""What is asked of providers beside sending: what they allow just now, who follows us."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence

from campaigns.bootstrap.adapters import letterhead, line_endpoint, mail_server
from campaigns.channels.email import mailbox, mime
from campaigns.channels.line import account as line_account
from campaigns.channels.line import payload
from campaigns.channels.whatsapp.carrier import WhatsAppCarrier
from campaigns.engine import Engine
from campaigns.model.customer import Channel
from campaigns.model.delivery import Lane
from campaigns.model.ids import MessageId
from campaigns.model.message import Message
from campaigns.model.ports import Carrier, Clock, Store
from campaigns.orchestrator.allowances import Allowances
from campaigns.orchestrator.allowances import Ask as Plan
from campaigns.orchestrator.customers import CustomerBook
from campaigns.orchestrator.followers import Followers
from campaigns.orchestrator.mailroom import Mailroom
from campaigns.orchestrator.opinions import Ask
from campaigns.orchestrator.ports import Ports
from campaigns.orchestrator.templates import TemplateLibrary
from campaigns.sender import Sender
from campaigns.settings import Settings


def preparing(
    limits: Mapping[Channel, WhatsAppCarrier], templates: TemplateLibrary, months: Allowances
) -> Callable[[Lane], Awaitable[None]]:
    """Return what learns, before a batch, what the lane's provider allows just now."""

    async def prepare(lane: Lane) -> None:
        if lane.channel in limits:
            await limits[lane.channel].prepare()
            await asyncio.to_thread(templates.refresh)
        await asyncio.to_thread(months.of, lane.channel)

    return prepare


def opinions(settings: Settings, carriers: Mapping[Channel, Carrier]) -> Mapping[Channel, Ask]:
    """Return who can be asked about messages before they are sent: LINE, where it is real."""
    line = carriers[Channel.LINE]
    if line.simulated or line.ready is not None:
        return {}
    endpoint = line_endpoint(settings)

    def ask(messages: Sequence[Message]) -> Mapping[MessageId, str]:
        bodies = {m.id: payload.validation(m) for m in messages}
        return asyncio.run(line_account.validate_each(endpoint, bodies))

    return {Channel.LINE: ask}


def allowances(settings: Settings, carriers: Mapping[Channel, Carrier]) -> Mapping[Channel, Plan]:
    """Return who can be asked what is left of the month: LINE, where it is real."""
    line = carriers[Channel.LINE]
    if line.simulated or line.ready is not None:
        return {}
    endpoint = line_endpoint(settings)
    return {Channel.LINE: lambda: asyncio.run(line_account.allowance(endpoint))}


def account_name(
    settings: Settings, carriers: Mapping[Channel, Carrier]
) -> Callable[[], str | None]:
    """Return what tells our account's name at LINE, asked once; None while it is not known."""
    line = carriers[Channel.LINE]
    known: list[str] = []

    def name() -> str | None:
        if not known and not line.simulated and line.ready is None:
            found = asyncio.run(line_account.basic_id(line_endpoint(settings)))
            known.extend([found] if found else [])
        return known[0] if known else None

    return name


def looking_up(
    settings: Settings, ports: Ports, book: CustomerBook
) -> Iterator[Callable[[], object]]:
    """Yield the job that asks LINE who follows, where LINE is real."""
    line = ports.carriers[Channel.LINE]
    if line.simulated or line.ready is not None:
        return
    endpoint = line_endpoint(settings)

    def look_up(user_ids: Collection[str]) -> frozenset[str]:
        return asyncio.run(line_account.follows(endpoint, user_ids))

    yield Followers(ports.store, ports.clock, book, look_up).verify


def mailroom_for(
    settings: Settings,
    store: Store,
    clock: Clock,
    secret: str,
    engine: Engine,
    sender: Sender,
) -> Mailroom | None:
    """Return what reads our mailbox, None where none is set."""
    server = mail_server(settings)
    if server is None:
        return None
    head = letterhead(settings, secret)
    return Mailroom(
        store,
        clock,
        name=server.name,
        opened=lambda: mailbox.opened(server),
        message_id=lambda message: mime.message_id(message, head),
        told=sender.record,
        leads=lambda: engine.leading,
    )
