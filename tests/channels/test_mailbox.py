"""Our mailbox on a real IMAP server, and the room that takes in what comes to it."""

import imaplib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest
from tests.channels.test_inbound import HEAD, OUR_ID, OURS, mail
from tests.support import dovecot
from tests.support.sending import HandClock, message, plant, sqlite_store
from tests.support.server import until

from campaigns.channels.email import mailbox, mime
from campaigns.channels.email.inbound import InboundMail
from campaigns.channels.email.mailbox import Checkpoint, ImapServer, Security
from campaigns.model.customer import Channel
from campaigns.model.delivery import (
    DeliveryEvent,
    EventType,
    Lane,
    Quota,
    Reason,
    ReasonClass,
    Unknown,
)
from campaigns.model.errors import ProviderRefused
from campaigns.model.ids import CampaignId
from campaigns.model.message import MessageStatus
from campaigns.orchestrator.mailroom import Mailroom
from campaigns.store import SqlStore

NOW = datetime.now(UTC)  # noqa: TID251 - the server dates mails by its own clock


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with dovecot.serving() as port:
        yield port


@dataclass
class Post:
    """A mailbox of its own, and a way to put mail into it."""

    server: ImapServer
    clock: HandClock = field(default_factory=lambda: HandClock(NOW))

    def arrives(self, raw: bytes, folder: str = "INBOX") -> None:
        with imaplib.IMAP4("127.0.0.1", self.server.port) as client:
            client.login(self.server.user, self.server.password)
            assert client.append(folder, "", None, raw)[0] == "OK"  # type: ignore[arg-type] # None: now


@pytest.fixture
def post(port: int, request: pytest.FixtureRequest) -> Post:
    server = ImapServer(
        host="127.0.0.1",
        port=port,
        security=Security.NONE,
        user=f"{abs(hash(request.node.name))}@music.example",
        password=dovecot.PASSWORD,
    )
    return Post(server)


@dataclass
class Room:
    """A mail room over a store."""

    post: Post
    store: SqlStore
    told: list[DeliveryEvent] = field(default_factory=list)

    def tell(self, events: Sequence[DeliveryEvent]) -> None:
        self.told += events
        with self.store.begin() as tx:
            for event in events:
                tx.outbox.record(event, NOW)

    @property
    def mailroom(self) -> Mailroom:
        return Mailroom(
            self.store,
            self.post.clock,
            name=self.post.server.name,
            opened=lambda: mailbox.opened(self.post.server),
            message_id=lambda m: mime.message_id(m, HEAD),
            told=self.tell,
            leads=lambda: True,
        )

    def takes_in(self) -> int:
        with mailbox.opened(self.post.server) as box:
            return self.mailroom.take_in(box)

    def kept(self) -> list[bytes]:
        with self.store.begin() as tx:
            return [raw.body for raw in tx.webhooks.due(NOW, 100)]


@pytest.fixture
def room(post: Post, tmp_path: Path) -> Iterator[Room]:
    store = sqlite_store(tmp_path / "campaigns.db")
    yield Room(post, store)
    store.engine.dispose()


def test_a_mailbox_is_read_from_now_on_and_each_mail_once(post: Post, room: Room) -> None:
    post.arrives(mail("before our time").as_bytes())
    assert room.takes_in() == 0
    first, second = mail("Yes", In_Reply_To=OUR_ID).as_bytes(), mail("No").as_bytes()
    post.arrives(first)
    post.arrives(second)
    assert room.takes_in() == 2
    assert room.takes_in() == 0
    kept = room.kept()
    assert sorted(kept) == sorted([first, second])
    [event] = InboundMail(HEAD).read(first, NOW).events
    assert (event.type, event.message_id) == (EventType.REPLIED, OURS)


def test_a_mailbox_numbered_anew_loses_nothing_and_repeats_nothing(post: Post, room: Room) -> None:
    room.takes_in()
    post.arrives(mail("one").as_bytes())
    assert room.takes_in() == 1
    # As it looks after a restore from a backup: other numbers than those we know.
    with room.store.begin() as tx:
        tx.webhooks.reach(post.server.name, str(Checkpoint(validity=1, uid=999)))
    post.arrives(mail("two").as_bytes())
    room.takes_in()
    assert len(room.kept()) == 2
    assert room.takes_in() == 0


def test_a_look_leaves_mails_unread(post: Post, room: Room) -> None:
    room.takes_in()
    post.arrives(mail().as_bytes())
    room.takes_in()
    with imaplib.IMAP4("127.0.0.1", post.server.port) as client:
        client.login(post.server.user, post.server.password)
        client.select("INBOX")
        assert client.search(None, "UNSEEN")[1] == [b"1"]


def test_what_comes_is_taken_in_at_once_while_the_room_waits(post: Post, room: Room) -> None:
    stopping = threading.Event()
    thread = threading.Thread(target=room.mailroom.run, args=(stopping,))
    thread.start()
    try:
        until(lambda: bool(_reached(room)))
        began = monotonic()
        post.arrives(mail().as_bytes())
        until(lambda: bool(room.kept()))
        assert monotonic() - began < 5  # well before the next look
    finally:
        stopping.set()
        thread.join()


def test_a_server_that_does_not_tell_by_itself_is_asked_now_and_then(
    post: Post, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaigns.orchestrator.mailroom.LOOK_EVERY_S", 0.1)
    monkeypatch.setattr(mailbox.OpenMailbox, "can_wait", property(lambda box: False))
    monkeypatch.delattr(mailbox.OpenMailbox, "wait")
    stopping = threading.Event()
    thread = threading.Thread(target=room.mailroom.run, args=(stopping,))
    thread.start()
    try:
        until(lambda: bool(_reached(room)))
        post.arrives(mail().as_bytes())
        until(lambda: bool(room.kept()))
    finally:
        stopping.set()
        thread.join()


def _reached(room: Room) -> str | None:
    with room.store.read() as tx:
        return tx.webhooks.reached(room.post.server.name)


def test_a_mail_in_doubt_that_lies_among_those_sent_was_sent(post: Post, room: Room) -> None:
    plant(room.store, [message(0), message(1)])
    lane = Lane(campaign_id=CampaignId("c_1"), channel=Channel.EMAIL, epoch=1)
    lost = Unknown(reason=Reason(kind=ReasonClass.UNKNOWN, detail="the connection broke"))
    with room.store.begin() as tx:
        claimed = tx.outbox.claim(lane, Quota(limit=9, window_s=60), NOW, 2).messages
        for m in claimed:
            tx.outbox.leaving(m.id, m.attempt, NOW)
            tx.outbox.settle(m.id, m.attempt, lost, NOW)
    sent, unknown = claimed
    post.arrives(mime.build(sent, HEAD, NOW), "Sent")
    with mailbox.opened(post.server) as box:
        room_once = room.mailroom
        assert room_once.search(box) == 1
        assert room_once.search(box) == 0  # not again at once
    with room.store.read() as tx:
        states = {m.id: m.status for m in tx.messages.all(CampaignId("c_1"))}
    assert states == {sent.id: MessageStatus.ACCEPTED, unknown.id: MessageStatus.IN_DOUBT}


def test_a_refused_login_says_what_to_check(post: Post, room: Room) -> None:
    wrong = ImapServer(
        host="127.0.0.1",
        port=post.server.port,
        security=Security.NONE,
        user=post.server.user,
        password="wrong",
    )
    assert room.mailroom.probe() is None
    room.post = Post(wrong)
    assert "CAMPAIGN_EMAIL_PASSWORD" in str(room.mailroom.probe())
    with (
        pytest.raises(ProviderRefused, match="cannot be read"),
        mailbox.opened(
            ImapServer(host="127.0.0.1", port=1, security=Security.NONE, user="a", password="b")
        ),
    ):
        pass


def test_a_checkpoint_is_read_as_it_was_written() -> None:
    assert Checkpoint.parse(str(Checkpoint(validity=7, uid=42))) == Checkpoint(validity=7, uid=42)
