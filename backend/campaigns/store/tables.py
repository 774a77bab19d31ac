"""Every table. Times are UTC; JSON columns hold model values written by `store.codec`.

`messages` is the only truth about sending: the engine's own tables can be lost and rebuilt.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from campaigns.store.instant import Instant

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

customers = Table(
    "customers",
    metadata,
    Column("id", String(96), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("line", Integer, nullable=False, server_default="0"),  # of the heading, as it is now
    Column("name", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("name_key", Text, nullable=False),  # folded, for search and for customer filters
    Column("brand_group", Text),
    Column("brand", Text),
    Column("city", Text),
    Column("country", Text),
    Column("region", Text),
    Column("business_type", Text),
    Column("platform", Text),
    Column("zone_count", Integer),
    Column("zones_named", Integer, nullable=False, server_default="0"),
    Column("people", Integer, nullable=False, server_default="0"),  # named without an address
    Column("size", String(12)),
    Column("contract_start", Date),
    Column("contract_end", Date),
    Column("price", Numeric(18, 4)),
    Column("currency", String(3)),
    Column("record", JSON, nullable=False),  # the whole typed customer
    Column("private", JSON, nullable=False),  # only with the `notes` scope
    Index("customers_end", "contract_end"),
    Index("customers_group", "brand_group", "contract_end"),
    Index("customers_brand", "brand", "contract_end"),
    Index("customers_country", "country", "city"),
    Index("customers_city", "city"),
    Index("customers_region", "region"),
    Index("customers_type", "business_type"),
    Index("customers_platform", "platform"),
    Index("customers_size", "size"),
    Index("customers_zones", "zone_count"),
    Index("customers_position", "position"),
    Index("customers_exact", "name"),
    Index("customers_name", "name_key"),
)

addresses = Table(
    "addresses",
    metadata,
    Column("channel", String(12), primary_key=True),
    Column("address", String(320), primary_key=True),
    Column("contact_id", String(128), primary_key=True),
    Column("customer_id", ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("written", Text, nullable=False, server_default=""),
    Column("below", Integer, nullable=False, server_default="0"),  # lines below the heading
    Index("addresses_customer", "customer_id"),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("channel", String(12), primary_key=True),
    Column("address", String(320), primary_key=True),
    Column("reason", String(16), nullable=False),
    Column("source", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("channel", String(12), primary_key=True),
    Column("address", String(320), primary_key=True),
    Column("source", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("status", String(24), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("schedule_at", Instant),
    Column("epoch", Integer, nullable=False),
    Column("record", JSON, nullable=False),  # the whole typed campaign but status and times above
    Index("campaigns_status", "status", "id"),
)

audiences = Table(
    "audiences",
    metadata,
    Column("campaign_id", ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True),
    Column("record", JSON, nullable=False),  # totals, reasons and near-misses, frozen
)

members = Table(
    "members",
    metadata,
    Column("campaign_id", ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("customer_id", String(96), nullable=False),
    Column("record", JSON, nullable=False),  # the frozen member: contacts chosen and why
    UniqueConstraint("campaign_id", "customer_id"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("campaign_id", ForeignKey("campaigns.id", ondelete="CASCADE"), nullable=False),
    Column("customer_id", String(96), nullable=False),
    Column("contact_id", String(128), nullable=False),
    Column("channel", String(12), nullable=False),
    Column("address", String(320), nullable=False),
    Column("is_test", Boolean, nullable=False),
    Column("status", String(12), nullable=False),
    Column("reason", Text),
    Column("attempt", Integer, nullable=False, default=0),
    Column("provider_id", String(128)),
    Column("worker", String(128)),  # who claimed it last
    Column("not_before", Instant),
    Column("left_at", Instant),  # when it entered SENDING last
    Column("doubt_since", Instant),  # since when it is not known whether it left, NULL: known
    Column("updated_at", Instant, nullable=False),
    Column("record", JSON, nullable=False),  # texts, facts, checks and the rest of the message
    UniqueConstraint("campaign_id", "contact_id", "channel", "is_test", name="once_per_contact"),
    Index("messages_campaign", "campaign_id", "id"),
    Index("messages_status", "campaign_id", "status"),
    Index(
        "messages_queued",  # the next to claim, in order
        "campaign_id",
        "channel",
        "is_test",
        "id",
        sqlite_where=text("status = 'queued'"),
        postgresql_where=text("status = 'queued'"),
    ),
    Index(
        "messages_due",  # when the next may go
        "campaign_id",
        "channel",
        "is_test",
        "not_before",
        sqlite_where=text("status = 'queued'"),
        postgresql_where=text("status = 'queued'"),
    ),
    Index(
        "messages_doubt",
        "channel",
        "doubt_since",
        sqlite_where=text("status = 'in_doubt'"),
        postgresql_where=text("status = 'in_doubt'"),
    ),
    Index(
        "messages_under_way",
        "updated_at",
        sqlite_where=text("status IN ('claimed', 'sending')"),
        postgresql_where=text("status IN ('claimed', 'sending')"),
    ),
    Index("messages_provider", "channel", "provider_id"),
    Index("messages_address", "channel", "address", "left_at"),
    Index(
        "messages_written",  # when a customer was written to last
        "customer_id",
        "left_at",
        sqlite_where=text("left_at IS NOT NULL"),
        postgresql_where=text("left_at IS NOT NULL"),
    ),
)

attempts = Table(
    "attempts",
    metadata,
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("left_at", Instant),
    Column("ended_at", Instant),
    Column("outcome", String(12)),  # accepted, refused, unknown
    Column("detail", Text),
)

events = Table(
    "events",
    metadata,
    Column("dedupe_key", String(160), primary_key=True),
    Column("channel", String(12), nullable=False),
    Column("type", String(20), nullable=False),
    Column("message_id", String(40)),  # NULL: news about no message we know, kept as an orphan
    Column("provider_id", String(128)),
    Column("address", String(320)),
    Column("reason", Text),
    Column("occurred_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Index("events_message", "message_id", "occurred_at"),
    Index("events_address", "channel", "address", "occurred_at"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("message_id", String(40), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("channel", String(12), nullable=False),
    Column("at", Instant),  # when it left; NULL: claimed, not left yet, and counted all the same
    Index("ledger_channel", "channel", "at"),
)

replies = Table(
    "replies",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("channel", String(12), nullable=False),
    Column("address", String(320), nullable=False),
    Column("campaign_id", String(40)),
    Column("customer_id", String(96)),
    Column("intent", String(20), nullable=False),
    Column("escalated", Boolean, nullable=False),
    Column("complaint", Boolean, nullable=False),
    Column("score", Integer),
    Column("confidence", Float, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("record", JSON, nullable=False),
    Index("replies_campaign", "campaign_id", "received_at"),
    Index("replies_customer", "customer_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(160), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

keys = Table(
    "keys",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("owner", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("caller", String(40), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("status", Integer),
    Column("body", Text),
    Column("at", Instant, nullable=False),
)

# --- people: accounts, sessions, one-time links -------------------------------------------------

people = Table(
    "people",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("email", String(320), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant),
    Column("deactivated_at", Instant),
    Column("identity", Text),
    Index("people_identity", "identity", unique=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("sessions_person", "person_id"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE")),  # NULL: the set-up link
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(320), nullable=False),  # as typed, folded; may be nobody's
    Column("at", Instant, nullable=False),
    Index("sign_in_failures_email", "email", "at"),
)

assignments = Table(
    "assignments",
    metadata,
    Column("subject", String(160), primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("why", Text, nullable=False),
    Index("assignments_person", "person_id"),
)

# --- providers: what they tell by themselves, and what they know ------------------------------------

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(64), primary_key=True),  # SHA-256 of channel and body
    Column("channel", String(12), nullable=False),
    Column("body", LargeBinary, nullable=False),  # as it came
    Column("received_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),  # when it is to be read (again)
    Column("tries", Integer, nullable=False),
    Column("done_at", Instant),  # NULL: not everything in it is taken in
    Column("trouble", Text),  # what of it could not be read
    Index(
        "webhooks_due",
        "due_at",
        sqlite_where=text("done_at IS NULL"),
        postgresql_where=text("done_at IS NULL"),
    ),
    Index("webhooks_received", "received_at"),
)

identities = Table(
    "identities",
    metadata,
    Column("channel", String(12), primary_key=True),
    Column("user_id", String(160), primary_key=True),
    Column("address", String(320), nullable=False),
    Column("at", Instant, nullable=False),
)

templates = Table(
    "templates",
    metadata,
    Column("name", String(512), primary_key=True),
    Column("language", String(12), primary_key=True),
    Column("status", String(20), nullable=False),
    Column("record", JSON, nullable=False),  # the whole typed template
)
