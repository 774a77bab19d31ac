"""Mail that comes to us: answers, machines, bounces, unsubscribe requests, and nonsense."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.sending import NOON

from campaigns.channels.email import mime, unsubscribe
from campaigns.channels.email.inbound import InboundMail
from campaigns.channels.email.mime import Letterhead
from campaigns.channels.email.quotes import answer_in
from campaigns.model.delivery import DeliveryEvent, EventType, ReasonClass
from campaigns.model.ids import MessageId

HEAD = Letterhead(
    address="hello@music.example",
    name="BMA Social Team",
    secret="s3cret",
    reply_domain="in.example",
)
OURS = MessageId("m_1abc")
OUR_ID = mime.message_id(OURS, HEAD)
ANNA = "Anna <anna@hotel.example>"
FORGED = f"<{OURS}.00000000@music.example>"


def mail(body: str = "Yes please", **headers: str) -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"] = headers.pop("From", ANNA)
    made["To"] = headers.pop("To", "hello@music.example")
    made["Subject"] = headers.pop("Subject", "Re: Your music contract")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(body)
    return made


def read(made: EmailMessage | bytes) -> tuple[DeliveryEvent, ...]:
    raw = made if isinstance(made, bytes) else made.as_bytes()
    return InboundMail(HEAD).read(raw, NOON).events


def report(*blocks: str, quoted: str = f"Message-ID: {OUR_ID}\r\n") -> bytes:
    status = "\r\n\r\n".join(blocks)
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: hello@music.example\r\nSubject: failed\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"{status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{quoted}\r\n--b--\r\n"
    ).encode()


def block(action: str, status: str, said: str = "") -> str:
    return (
        f"Final-Recipient: rfc822; Anna@hotel.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {said}"
    )


# --- answers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"In_Reply_To": OUR_ID},
        {"References": f"<other@hotel.example> {OUR_ID}"},
        {"To": f"reply+{OUR_ID.strip('<>').partition('@')[0]}@in.example"},
    ],
)
def test_an_answer_is_about_the_mail_its_token_names(headers: dict[str, str]) -> None:
    [event] = read(mail(**headers))
    assert (event.type, event.message_id) == (EventType.REPLIED, OURS)
    assert (event.address, event.text) == ("anna@hotel.example", "Yes please")


@pytest.mark.parametrize("headers", [{}, {"In_Reply_To": FORGED}])
def test_an_answer_without_a_genuine_token_is_about_no_mail(headers: dict[str, str]) -> None:
    [event] = read(mail(**headers))
    assert event.type is EventType.REPLIED
    assert event.message_id is None


def test_the_same_mail_twice_is_one_piece_of_news() -> None:
    raw = mail().as_bytes()
    assert read(raw)[0].dedupe_key == read(raw)[0].dedupe_key
    assert read(raw)[0].dedupe_key != read(mail("No thanks"))[0].dedupe_key


def test_an_html_answer_is_read_without_what_it_quotes() -> None:
    made = mail()
    made.set_content(
        "<div>ตกลงครับ</div><blockquote>Reply YES to renew</blockquote>", subtype="html"
    )
    assert read(made)[0].text == "ตกลงครับ"


@pytest.mark.parametrize(
    "text",
    [
        "Yes.\n\nOn Mon, 15 Sep 2025 BMA Social Team <hello@music.example> wrote:\n> Reply YES",
        "Yes.\n\nเมื่อ จ. 15 ก.ย. 2025 เวลา 12:00 BMA <hello@music.example> เขียนว่า:\n\n> Reply YES",
        "Yes.\n\n2025年9月15日(月) 12:00 BMA Social Team <hello@music.example>:\n\nReply YES",
        "Yes.\n\nFrom: BMA Social Team <hello@music.example>\nSent: Monday\nTo: Anna\n\nReply YES",
        "Yes.\n\n-----Original Message-----\nFrom: BMA\n\nReply YES",
        "Yes.\n\n________________________________\nReply YES",
        "> Reply YES\n\nYes.",
        "On Monday hello@music.example wrote:\n> Reply YES\n> or CALL\n\nYes.",
    ],
)
def test_only_the_persons_own_words_are_read(text: str) -> None:
    assert answer_in(text, HEAD.address) == "Yes."


def test_nothing_but_a_quotation_is_kept_whole() -> None:
    assert answer_in("> Reply YES", HEAD.address) == "> Reply YES"


# --- machines --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; why=vacation"},
        {"X_Auto_Response_Suppress": "All"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"Return_Path": "<>"},
        {"From": "no-reply@hotel.example"},
    ],
)
def test_a_machines_answer_is_no_persons(headers: dict[str, str]) -> None:
    [event] = read(mail("I am away until Monday", In_Reply_To=OUR_ID, **headers))
    assert (event.type, event.message_id) == (EventType.AUTO_REPLIED, OURS)


def test_auto_submitted_no_is_a_person() -> None:
    assert read(mail(Auto_Submitted="no"))[0].type is EventType.REPLIED


# --- bounces ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "status", "said", "type_", "kind"),
    [
        ("failed", "5.1.1", "550 5.1.1 no such user", EventType.BOUNCED, "invalid_recipient"),
        ("failed", "5.2.2", "552 5.2.2 mailbox full", EventType.BOUNCED, "transient"),
        ("failed", "5.7.1", "550 5.7.1 blocked", EventType.BOUNCED, "policy"),
        ("failed", "5.0.0", "550 user unknown", EventType.BOUNCED, "unknown"),
        ("delayed", "4.4.1", "", EventType.DEFERRED, "transient"),
    ],
)
def test_a_report_says_what_became_of_a_mail(
    action: str, status: str, said: str, type_: EventType, kind: str
) -> None:
    [event] = read(report(block(action, status, said)))
    assert (event.type, event.message_id, event.address) == (type_, OURS, "anna@hotel.example")
    assert event.reason is not None
    assert event.reason.kind == ReasonClass(kind)


def test_a_report_of_success_is_a_delivery() -> None:
    [event] = read(report(block("delivered", "2.0.0")))
    assert (event.type, event.reason) == (EventType.DELIVERED, None)


def test_a_report_on_several_recipients_is_several_pieces_of_news() -> None:
    events = read(report(block("failed", "5.1.1"), block("delayed", "4.0.0")))
    assert [e.type for e in events] == [EventType.BOUNCED, EventType.DEFERRED]
    assert len({e.dedupe_key for e in events}) == 2


def test_our_own_header_in_the_quoted_mail_names_it_too() -> None:
    [event] = read(report(block("failed", "5.1.1"), quoted=f"X-Campaign-Message: {OURS}\r\n"))
    assert event.message_id == OURS


def test_a_bounce_in_a_form_of_its_own_is_recognised() -> None:
    made = mail(
        "Hi. This is the qmail-send program at mx.example.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<anna@hotel.example>:\n"
        "Sorry, no mailbox here by that name. (#5.1.1)\n\n"
        f"--- Below this line is a copy of the message.\n\nMessage-ID: {OUR_ID}\n",
        From="MAILER-DAEMON@mx.example",
        Return_Path="<>",
        Subject="failure notice",
    )
    [event] = read(made)
    assert (event.type, event.message_id) == (EventType.BOUNCED, OURS)
    assert event.address == "anna@hotel.example"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("550 5.1.1 The email account that you tried to reach does not exist", "invalid_recipient"),
        ("550-5.7.1 Our system has detected that this message is likely spam", "policy"),
        ("552 5.2.2 The recipient's inbox is out of storage space", "transient"),
        ("Unrouteable address", "invalid_recipient"),
    ],
)
def test_a_bounce_that_names_who_failed_in_a_header_says_why(said: str, kind: str) -> None:
    made = mail(
        f"This message was created automatically.\n\n  anna@hotel.example\n    {said}\n\n"
        f"------ This is a copy of the message, including all the headers. ------\n"
        f"Message-ID: {OUR_ID}\n",
        From="Mail Delivery System <Mailer-Daemon@mx.example>",
        X_Failed_Recipients="anna@hotel.example",
        Auto_Submitted="auto-replied",
    )
    [event] = read(made)
    assert (event.type, event.message_id) == (EventType.BOUNCED, OURS)
    assert event.address == "anna@hotel.example"
    assert event.reason is not None
    assert event.reason.kind == ReasonClass(kind)


def test_a_report_on_somebody_elses_mail_names_that_mail_and_none_of_ours() -> None:
    [event] = read(
        report(block("failed", "5.1.1"), quoted="Message-ID: <by-hand@music.example>\r\n")
    )
    assert event.message_id is None
    assert event.provider_id == "<by-hand@music.example>"
    [unquoted] = read(report(block("failed", "5.1.1"), quoted="Subject: Hello\r\n"))
    assert (unquoted.message_id, unquoted.provider_id) == (None, None)
    assert unquoted.address == "anna@hotel.example"


# --- complaints ------------------------------------------------------------------------------------


def feedback(kind: str, *fields: str, quoted: str = f"Message-ID: {OUR_ID}\r\n") -> bytes:
    said = "".join(f"{field}\r\n" for field in (f"Feedback-Type: {kind}", "Version: 1", *fields))
    return (
        "From: staff@mailbox.example\r\nTo: hello@music.example\r\nSubject: complaint\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n"
        f"--b\r\nContent-Type: message/feedback-report\r\n\r\n{said}\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{quoted}\r\nDear Anna\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("abuse", EventType.COMPLAINED),
        ("Fraud", EventType.COMPLAINED),
        ("opt-out", EventType.UNSUBSCRIBED),
    ],
)
def test_a_complaint_is_about_the_mail_it_quotes(kind: str, type_: EventType) -> None:
    [event] = read(feedback(kind, "Original-Rcpt-To: <Anna@hotel.example>"))
    assert (event.type, event.message_id) == (type_, OURS)
    assert event.address == "anna@hotel.example"
    assert event.headers == {"feedback": kind.lower()}


def test_a_complaint_without_its_recipient_still_names_our_mail() -> None:
    [event] = read(feedback("abuse"))
    assert (event.type, event.message_id, event.address) == (EventType.COMPLAINED, OURS, None)


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", ""])
def test_a_report_in_which_nobody_complains_is_nobodys_words(kind: str) -> None:
    told = InboundMail(HEAD).read(feedback(kind), NOON)
    assert (told.events, len(told.faults)) == ((), 1)


def test_a_person_who_quotes_a_bounce_is_a_person() -> None:
    [event] = read(mail("They told me 550 5.1.1 <anna@hotel.example>: no such user"))
    assert event.type is EventType.REPLIED


# --- unsubscribing, nonsense ------------------------------------------------------------------------


def test_an_unsubscribe_mail_is_a_refusal_when_its_token_is_the_senders() -> None:
    token = unsubscribe.token(HEAD.secret, OURS, "anna@hotel.example")
    [event] = read(mail("", Subject=f"unsubscribe {token}"))
    assert (event.type, event.message_id) == (EventType.UNSUBSCRIBED, OURS)
    [other] = read(mail("", Subject=f"unsubscribe {token}", From="eve@elsewhere.example"))
    assert other.type is EventType.REPLIED
    assert other.text == f"unsubscribe {token}"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_mail_however_broken_stops_the_reading(raw: bytes) -> None:
    told = InboundMail(HEAD).read(raw, NOON)
    assert told.events or told.faults
    InboundMail(HEAD).read(b"From: a@b.example\nContent-Type: multipart/report\n" + raw, NOON)
