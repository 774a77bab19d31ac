"""What changed since an earlier approval is shown to whoever approves again, and nothing else."""

import re
from dataclasses import replace

import pytest
from tests.web.conftest import SignIn
from tests.web.houses import approved, text_of

from campaigns.bootstrap import Services
from campaigns.model.access import SYSTEM
from campaigns.model.approved import ApprovedText, Rewritten
from campaigns.model.ids import CampaignId
from campaigns.web.views.revised import lines


@pytest.fixture
def ready(signed_in: SignIn) -> CampaignId:
    return CampaignId(approved(signed_in("manager"), signed_in("approver")))


def seen(signed_in: SignIn, campaign_id: str) -> tuple[str, str]:
    """The review's part about an earlier approval, as HTML and as words."""
    page = signed_in("approver").get(f"/campaigns/{campaign_id}/review").text
    found = re.search(r'<section class="since".*?</section>', page, re.DOTALL)
    return (found[0], text_of(found[0])) if found else ("", "")


def test_what_was_never_approved_has_no_such_part(signed_in: SignIn, ready: CampaignId) -> None:
    assert seen(signed_in, ready) == ("", "")


def test_an_edit_after_the_approval_is_shown_line_by_line(
    house: Services, signed_in: SignIn, ready: CampaignId
) -> None:
    first = house.drafts.messages(ready, "", 1)[0][0]
    house.edits.edit(ready, first.id, {"text": f"{first.text}\n\nThank you."}, SYSTEM)
    house.approvals.submit(ready, SYSTEM)
    html, words = seen(signed_in, ready)
    assert re.search(r"Since Arun S\. approved it, \d\d:\d\d 1 message changed", words)
    assert re.findall(r"<(del|ins)>.*?</span>. (.*?)</\1>", html) == [("ins", "Thank you.")]
    shown = house.drafts.get(ready).content_hash
    house.approvals.approve(ready, shown, SYSTEM)
    assert seen(signed_in, ready) == ("", "")
    with house.store.read() as tx:
        assert tx.approved.of(ready) == []


def test_who_came_and_who_went_is_named(
    house: Services, signed_in: SignIn, ready: CampaignId
) -> None:
    members = house.drafts.audience(ready)[0].members
    out = next(m for m in members if m.channels)
    inside = {m.customer_id for m in members}
    new = next(
        c
        for c in house.customers.page("", "", 100)[0]
        if c.id not in inside and any(a.channel == "email" for k in c.contacts for a in k.addresses)
    )
    changes = [
        {"customer_id": out.customer_id, "include": False},
        {"customer_id": new.id, "include": True, "added": True},
    ]
    house.drafts.change(ready, {"contacts": changes}, SYSTEM)
    house.approvals.submit(ready, SYSTEM)
    _, words = seen(signed_in, ready)
    assert f"1 customer added: {new.name}" in words
    assert f"1 customer no longer in it: {out.name}" in words
    assert "changed" not in words


def test_a_second_change_is_held_against_the_same_approval(
    house: Services, signed_in: SignIn, ready: CampaignId
) -> None:
    first, second = house.drafts.messages(ready, "", 2)[0]
    for m in (first, second):
        house.edits.edit(ready, m.id, {"text": f"{m.text}\n\nThank you."}, SYSTEM)
    house.edits.edit(ready, first.id, {"text": first.text}, SYSTEM)
    house.approvals.submit(ready, SYSTEM)
    html, words = seen(signed_in, ready)
    assert "1 message changed" in words
    assert html.count("<details") == 1


def test_an_approval_given_again_to_the_same_words_says_so(
    house: Services, signed_in: SignIn, ready: CampaignId
) -> None:
    house.drafts.change(ready, {}, SYSTEM)
    house.approvals.submit(ready, SYSTEM)
    assert "Nothing a customer reads has changed." in seen(signed_in, ready)[1]


def test_another_message_to_a_customer_who_was_in_it_is_named(
    house: Services, signed_in: SignIn, ready: CampaignId
) -> None:
    gone = house.drafts.messages(ready, "", 1)[0][0]
    left_out = {
        "customer_id": gone.customer_id,
        "contact_id": gone.contact_id,
        "include": False,
    }
    others = [
        m for m in house.drafts.messages(ready, "", 500)[0] if m.contact_id != gone.contact_id
    ]
    second = next(m for m in others if m.customer_id != gone.customer_id)
    member = next(
        m for m in house.drafts.audience(ready)[0].members if m.customer_id == second.customer_id
    )
    more = next(c for c in member.contacts if not c.chosen and c.channels)
    taken_in = {
        "customer_id": second.customer_id,
        "contact_id": more.contact.id,
        "include": True,
    }
    house.drafts.change(ready, {"contacts": [left_out, taken_in]}, SYSTEM)
    house.approvals.submit(ready, SYSTEM)
    _, words = seen(signed_in, ready)
    assert re.search(rf"\d messages? more: {second.customer} by ", words)


def test_lines_that_differ_are_paired_with_what_was_approved(
    house: Services, ready: CampaignId
) -> None:
    m = house.drafts.messages(ready, "", 1)[0][0]
    before = ApprovedText(
        customer_id=m.customer_id,
        customer=m.customer,
        contact_id=m.contact_id,
        channel=m.channel,
        address="old@hotel.example",
        subject="Your music",
        text="Dear Ann,\n\nOne.\n\nKind regards",
    )
    now = replace(
        m,
        address="new@hotel.example",
        subject="Your music",
        text="Dear Ann,\n\nTwo.\n\nKind regards",
    )
    assert lines(Rewritten(before, now)) == [
        ("del", "old@hotel.example"),
        ("ins", "new@hotel.example"),
        ("del", "One."),
        ("ins", "Two."),
    ]
