"""A message as mail: its headers, its parts, and that nothing can be smuggled into either."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st
from tests.support.sending import NOON, message

from campaigns.channels.email import mime, unsubscribe
from campaigns.model.ids import MessageId

HEAD = mime.Letterhead(
    address="hello@bma.example",
    name="BMA Social Team",
    secret="s3cret",
    public_url="https://campaigns.bma.example",
)
WRITTEN = replace(message(7), html="<p>Your contract ends on 31 October 2025.</p>")
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "List-Unsubscribe",
    "List-Unsubscribe-Post", "Feedback-ID", "X-Campaign-Message", "MIME-Version", "Content-Type",
]  # fmt: skip


def parsed(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_the_mail_is_text_first_and_html_second() -> None:
    mail = parsed(mime.build(WRITTEN, HEAD, NOON))
    assert [p.get_content_type() for p in mail.iter_parts()] == ["text/plain", "text/html"]
    assert [p.get_content().strip() for p in mail.iter_parts()] == [WRITTEN.text, WRITTEN.html]
    assert sorted(mail.keys()) == sorted(HEADERS)


def test_a_message_without_html_is_plain_text() -> None:
    mail = parsed(mime.build(message(7), HEAD, NOON))
    assert mail.get_content_type() == "text/plain"


def test_thai_survives_in_subject_name_and_text() -> None:
    thai = replace(
        WRITTEN,
        subject="สัญญาเพลงของโรงแรมใกล้หมดอายุแล้ว กรุณาตรวจสอบรายละเอียดด้านล่างนี้ด้วยนะคะ",
        contact="คุณสมชาย",
        text="เรียน คุณสมชาย\nสัญญาของท่านจะหมดอายุวันที่ 31 ตุลาคม 2568",
    )
    content = mime.build(thai, HEAD, NOON)
    mail = parsed(content)
    assert content.isascii()
    assert mail["Subject"] == thai.subject
    assert mail["To"].addresses[0].display_name == "คุณสมชาย"
    text = mail.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n").strip() == thai.text


def test_the_same_message_has_the_same_message_id_at_every_attempt() -> None:
    again = replace(WRITTEN, attempt=3)
    later = NOON.replace(hour=6)
    first, second = (parsed(mime.build(m, HEAD, at)) for m, at in [(WRITTEN, NOON), (again, later)])
    assert first["Message-ID"] == second["Message-ID"] == mime.message_id(WRITTEN.id, HEAD)
    assert first["Message-ID"].endswith("@bma.example>")
    assert mime.message_id(MessageId("m_other"), HEAD) != first["Message-ID"]


def test_one_click_unsubscribing_is_offered_over_https_only() -> None:
    token = unsubscribe.token(HEAD.secret, WRITTEN.id, WRITTEN.address)
    mail = parsed(mime.build(WRITTEN, HEAD, NOON))
    web, by_mail = (part.strip() for part in mail["List-Unsubscribe"].split(","))
    assert web == f"<https://campaigns.bma.example/u/{token}>"
    assert unquote(by_mail) == f"<mailto:hello@bma.example?subject=unsubscribe {token}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    unsafe = replace(HEAD, public_url="http://campaigns.bma.example")
    plain = parsed(mime.build(WRITTEN, unsafe, NOON))
    assert unquote(plain["List-Unsubscribe"]) == by_mail.replace("%20", " ")
    assert plain["List-Unsubscribe-Post"] is None


def test_one_click_may_be_tried_on_this_machine_without_https() -> None:
    here = replace(HEAD, public_url="http://127.0.0.1:8000")
    mail = parsed(mime.build(WRITTEN, here, NOON))
    assert mail["List-Unsubscribe"].strip().startswith("<http://127.0.0.1:8000/u/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_answers_come_back_with_a_token_where_there_is_a_domain_for_them() -> None:
    tokened = replace(HEAD, reply_domain="reply.bma.example")
    mail = parsed(mime.build(WRITTEN, tokened, NOON))
    [reply_to] = mail["Reply-To"].addresses
    assert reply_to.addr_spec.startswith(f"reply+{WRITTEN.id}.")
    assert reply_to.domain == "reply.bma.example"
    assert parsed(mime.build(WRITTEN, HEAD, NOON))["Reply-To"].addresses[0].addr_spec == (
        "hello@bma.example"
    )


def test_domains_in_another_script_become_ascii() -> None:
    mail = parsed(mime.build(replace(WRITTEN, address="gm@โรงแรม.example"), HEAD, NOON))
    assert mail["To"].addresses[0].domain == "xn--72c6ceb3md.example"


@given(name=st.text(max_size=60), subject=st.text(max_size=120), cohort=st.text(max_size=30))
def test_nothing_a_person_or_the_book_wrote_can_add_a_header(
    name: str, subject: str, cohort: str
) -> None:
    """Any name, subject and cohort, also after "\r\nBcc: ..."."""
    for prefix in ("", "Hotel\r\nBcc: everybody@example.com\r\n\r\n"):
        hostile = replace(WRITTEN, contact=prefix + name, subject=prefix + subject, cohort=cohort)
        mail = parsed(mime.build(hostile, HEAD, NOON))
        assert sorted(mail.keys()) == sorted(HEADERS)
        assert [a.addr_spec for a in mail["To"].addresses] == [WRITTEN.address]
        assert [p.get_content_type() for p in mail.iter_parts()] == ["text/plain", "text/html"]


@given(text=st.text(max_size=400), html=st.text(max_size=400))
def test_every_line_sent_is_short_ascii_and_ends_in_crlf(text: str, html: str) -> None:
    content = mime.build(replace(WRITTEN, text=text, html=html), HEAD, NOON)
    lines = content.split(b"\r\n")
    assert all(len(line) <= 998 for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert content.isascii()
    assert content.endswith(b"\r\n")
