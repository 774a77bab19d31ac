"""The ports: what the glue asks of the edges. Adapters implement them; bootstrap picks.

Store ports are used inside a transaction: everything done through one `Tx` is committed
together or not at all, and every change of a state is conditional on the old one.
"""

from campaigns.model.ports.ai import (
    AccountWriter,
    Gauge,
    Interpreter,
    Purse,
    ReplyReader,
    Rewriter,
    Shelf,
    Writer,
)
from campaigns.model.ports.answers import Answers, Consents, Corrections, Inbox, Replies
from campaigns.model.ports.batches import Batches
from campaigns.model.ports.book import Changes, Customers, Entries, Remarks
from campaigns.model.ports.campaigns import Approved, Automations, Campaigns, Messages
from campaigns.model.ports.channels import Carrier, Multicaster, News, TemplateApi, Webhook
from campaigns.model.ports.identity import IdentityProvider
from campaigns.model.ports.outbox import Identities, Outbox, Templates, Webhooks
from campaigns.model.ports.people import Audit, Desk, Keys, People
from campaigns.model.ports.progress import Answered, Progress, Queued, UsualOutcome
from campaigns.model.ports.pruning import Pruning
from campaigns.model.ports.reserves import Reserves
from campaigns.model.ports.spending import Idempotency, KeptAnswer, ModelCalls, ModelTexts
from campaigns.model.ports.store import Dispatcher, Store, Tx
from campaigns.model.ports.time import Clock, Ids

__all__ = [
    "AccountWriter",
    "Answered",
    "Answers",
    "Approved",
    "Audit",
    "Automations",
    "Batches",
    "Campaigns",
    "Carrier",
    "Changes",
    "Clock",
    "Consents",
    "Corrections",
    "Customers",
    "Desk",
    "Dispatcher",
    "Entries",
    "Gauge",
    "Idempotency",
    "Identities",
    "IdentityProvider",
    "Ids",
    "Inbox",
    "Interpreter",
    "KeptAnswer",
    "Keys",
    "Messages",
    "ModelCalls",
    "ModelTexts",
    "Multicaster",
    "News",
    "Outbox",
    "People",
    "Progress",
    "Pruning",
    "Purse",
    "Queued",
    "Remarks",
    "Replies",
    "ReplyReader",
    "Reserves",
    "Rewriter",
    "Shelf",
    "Store",
    "TemplateApi",
    "Templates",
    "Tx",
    "UsualOutcome",
    "Webhook",
    "Webhooks",
    "Writer",
]
