"""Who reads and writes: a model where one is configured, the embedded engine in its place."""

import threading
from dataclasses import dataclass

from campaigns.ai.embedded import EmbeddedInterpreter, EmbeddedReplyReader, TextLibrary
from campaigns.ai.embedded.texts import HouseLanguage, LibraryRewriter, Voices
from campaigns.ai.openai import (
    Engine,
    ModelInterpreter,
    ModelReplyReader,
    ModelRewriter,
    ModelWriter,
    Output,
    Server,
    Tongues,
    price_of,
)
from campaigns.channels.whatsapp.languages import code_of
from campaigns.model.customer import Channel
from campaigns.model.house import House
from campaigns.model.ports import (
    AccountWriter,
    Clock,
    Gauge,
    Ids,
    Interpreter,
    ReplyReader,
    Rewriter,
    Store,
    Writer,
)
from campaigns.model.spending import Budget
from campaigns.orchestrator.calibration import LinesInForce
from campaigns.orchestrator.costs import Costs
from campaigns.orchestrator.purse import Purse, Tariff
from campaigns.orchestrator.shelf import Shelf
from campaigns.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Intelligence:
    """The adapters that read and write. `engine` and `costs` are None without a model."""

    interpreter: Interpreter
    writer: Writer
    rewriter: Rewriter
    reader: ReplyReader
    gauge: Gauge
    account_writer: AccountWriter | None = None
    engine: Engine | None = None
    costs: Costs | None = None

    def close(self) -> None:
        """End the model's connections."""
        if self.engine is not None:
            self.engine.close()


def intelligence(
    settings: Settings, store: Store, clock: Clock, ids: Ids, voices: Voices, tongues: Tongues
) -> Intelligence:
    """Return who reads and writes; a model is not asked before its first question."""
    rules, library, floor = (
        EmbeddedInterpreter(),
        TextLibrary(),
        EmbeddedReplyReader(lines=LinesInForce(store)),
    )
    rewriter = LibraryRewriter(library)
    if not settings.has_model:
        return Intelligence(
            interpreter=rules,
            writer=HouseLanguage(library, tongues.house),
            rewriter=rewriter,
            reader=floor,
            gauge=floor,
        )
    turn = threading.Lock()
    purse = Purse(store, clock, ids, _tariff(settings), turn)
    engine = Engine(_server(settings), purse, clock, ids)
    writer = ModelWriter(engine, library, Shelf(store, clock, turn), voices.words, tongues)
    return Intelligence(
        interpreter=ModelInterpreter(engine, rules, tuple(library.occasions())),
        writer=writer,
        rewriter=ModelRewriter(engine, rewriter),
        reader=ModelReplyReader(engine, floor),
        gauge=floor,
        account_writer=writer,
        engine=engine,
        costs=Costs(purse, engine.name, writer),
    )


def tongues_of(house: House) -> Tongues:
    """Return what stands where the house has no texts in a customer's language."""
    return Tongues(house=house.language, carries=_carries)


def _carries(channel: Channel, language: str) -> bool:
    return channel is not Channel.WHATSAPP or code_of(language) is not None


def _server(settings: Settings) -> Server:
    key = settings.openai_api_key
    return Server(
        model=settings.campaigns_model,
        key=key.get_secret_value() if key else None,
        base_url=settings.openai_base_url,
        output=Output(settings.campaigns_model_output.value),
        timeout_s=settings.campaigns_ai_timeout,
    )


def _tariff(settings: Settings) -> Tariff:
    return Tariff(
        model=settings.campaigns_model,
        price=price_of(settings.campaigns_model, settings.campaigns_ai_price),
        budget=Budget(
            per_campaign=settings.campaigns_ai_per_campaign,
            per_month=settings.campaigns_ai_per_month,
        ),
    )
