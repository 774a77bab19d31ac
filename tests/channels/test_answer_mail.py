"""An answer by mail: filed under the mail it answers, and no bulk mail."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

from hypothesis import given
from hypothesis import strategies as st
from tests.channels.test_mime import HEAD
from tests.support.sending import NOON, message

from campaigns.channels.email import mime
from campaigns.channels.email.inbound import InboundMail
from campaigns.model.answer import Answer
from campaigns.model.ids import MessageId, ReplyId

LONG = f"<{'a' * 90}@mail.example>"
ANSWER = Answer(reply_id=ReplyId("r_1"), by="nok", written_at=NOON)


def built(answer: Answer) -> dict[str, list[str]]:
    raw = mime.build(replace(message(7), html=None, answer=answer), HEAD, NOON)
    mail = message_from_bytes(raw, policy=default)
    return {name: [" ".join(str(v).split()) for v in mail.get_all(name, [])] for name in mail}


def test_it_names_the_mail_it_answers_however_long_the_name() -> None:
    ours = MessageId("m_1")
    headers = built(replace(ANSWER, to=ours, mailed=True, mail_ids=("<one@x.example>", LONG)))
    first = mime.message_id(ours, HEAD)
    assert headers["In-Reply-To"] == [LONG]
    assert headers["References"] == [f"{first} <one@x.example> {LONG}"]
    assert "@" in headers["Reply-To"][0]
    assert not {"List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID"} & set(headers)


def test_without_a_thread_it_is_a_mail_of_its_own() -> None:
    headers = built(replace(ANSWER, to=MessageId("m_1")))
    assert not {"In-Reply-To", "References"} & set(headers)


@given(st.lists(st.text(max_size=60), max_size=4))
def test_nothing_in_a_strangers_id_becomes_a_header(ids: list[str]) -> None:
    plain = set(built(ANSWER))
    made = built(replace(ANSWER, mail_ids=tuple(ids)))
    assert set(made) - plain <= {"In-Reply-To", "References"}
    assert all(len(values) == 1 for values in made.values())


def test_a_mail_tells_its_thread_its_own_id_last() -> None:
    raw = (
        b"From: gm@hotel.example\r\nTo: hello@bma.example\r\nSubject: Re: Music\r\n"
        b"Message-ID: <two@hotel.example>\r\nReferences: <zero@x.example> <one@x.example>\r\n"
        b"In-Reply-To: <one@x.example>\r\n\r\nYes, please.\r\n"
    )
    [event] = InboundMail(HEAD).read(raw, NOON).events
    assert event.headers == {
        "subject": "Re: Music",
        "references": "<zero@x.example> <one@x.example> <two@hotel.example>",
    }
