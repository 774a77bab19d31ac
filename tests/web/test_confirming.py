"""Words that no record holds: their author confirms them by name, and the approver is told."""

import re
from dataclasses import replace

import pytest
from tests.web import rows
from tests.web.conftest import SignIn
from tests.web.houses import PEOPLE, created, notice_after, text_of

from campaigns.bootstrap import Services
from campaigns.model.access import Actor, Scope
from campaigns.model.ids import CampaignId
from campaigns.model.message import Check, Message, MessageStatus
from campaigns.orchestrator.desk import READ_AT_MOST
from campaigns.orchestrator.words import Claim

AUTHOR = Actor(name=PEOPLE["manager"][0], scopes=frozenset({Scope.READ, Scope.COMPOSE}))
REQUEST = "Send renewal reminders to all Hiltons in Thailand expiring this quarter by email"
# A word no list of ours holds, in small letters: it states nothing we know of.
PLAIN = "We hope the gamelans please you."
NAMES = {"words", "start", "end"}


def edited(house: Services, campaign_id: str, more: str) -> Message:
    first = house.drafts.messages(campaign_id, "", 1)[0][0]
    return house.edits.edit(campaign_id, first.id, {"text": f"{first.text}\n\n{more}"}, AUTHOR)


def claim_of(found: str, check: Check) -> Claim:
    return Claim(words=found, start=check.start, end=check.end)


def forms(page: str) -> list[dict[str, str]]:
    """The fields of each form that confirms words."""
    found = re.findall(r'<form[^>]*/confirm".*?</form>', page, re.DOTALL)
    return [dict(re.findall(r'name="(\w+)" value="(.*?)"', form)) for form in found]


@pytest.fixture
def doubtful(house: Services, signed_in: SignIn) -> Message:
    message = edited(house, created(signed_in("manager"), REQUEST), PLAIN)
    assert {c.check for c in message.checks if not c.ok} == {"wording"}
    return message


def test_plain_words_are_confirmed_by_name_and_unblock_the_message(
    house: Services, signed_in: SignIn, doubtful: Message
) -> None:
    manager, at = signed_in("manager"), f"/campaigns/{doubtful.campaign_id}"
    page = manager.get(f"{at}/edit?customer={doubtful.customer_id}").text
    fields = forms(page)
    assert f"{len(fields)} to confirm" in text_of(page)
    assert "I confirm this" in page
    assert "Add a source" not in page
    for form in fields:
        assert {*form} >= NAMES
        answer = manager.post(f"{at}/messages/{doubtful.id}/confirm", data=form)
        assert f"Confirmed by {AUTHOR.name}" in notice_after(manager, answer.headers["location"])
    after = house.drafts.message(doubtful.campaign_id, doubtful.id)
    assert after.status is MessageStatus.VERIFIED
    assert after.vouched == len(fields)
    assert {c.by for c in after.checks if c.by} == {AUTHOR.name}
    trail, _ = house.access.audit(f"message:{doubtful.id}", "", 10)
    told = [e for e in trail if e.action == "message.confirmed"]
    assert [(e.actor, e.detail["claims"]) for e in told] == [
        (AUTHOR.name, [form["words"]]) for form in reversed(fields)
    ]
    page = text_of(manager.get(f"{at}/edit?customer={doubtful.customer_id}").text)
    assert f"confirmed by {AUTHOR.name}" in page


def test_the_approver_sees_what_was_confirmed_by_hand(
    house: Services, signed_in: SignIn, doubtful: Message
) -> None:
    manager, approver = signed_in("manager"), signed_in("approver")
    at = f"/campaigns/{doubtful.campaign_id}"
    page = manager.get(f"{at}/edit?customer={doubtful.customer_id}").text
    for form in forms(page):
        manager.post(f"{at}/messages/{doubtful.id}/confirm", data=form)
    manager.post(f"{at}/submit")
    row = re.search(
        rf"<tr class=\"link\">(?:(?!</tr>).)*{at}/review.*?</tr>",
        approver.get("/approvals").text,
        re.DOTALL,
    )
    assert row
    assert re.search(r"\d claims? confirmed by hand", text_of(row[0]))
    assert "confirmed by hand" in text_of(approver.get(f"{at}/review").text)


def test_changed_words_are_to_be_confirmed_again(house: Services, doubtful: Message) -> None:
    campaign_id = doubtful.campaign_id
    for check in [c for c in doubtful.checks if not c.ok]:
        assert check.found
        house.edits.confirm(campaign_id, doubtful.id, claim_of(check.found, check), AUTHOR)
    again = house.edits.edit(campaign_id, doubtful.id, {"text": doubtful.text + " "}, AUTHOR)
    assert (again.vouched, again.status) == (0, MessageStatus.BLOCKED)


@pytest.mark.parametrize(
    "more",
    ["We guarantee a 20% discount.", "Your contract ends on 3 March 2031.", "Khun Somboon agreed."],
)
def test_a_promise_a_figure_or_a_name_is_not_confirmed_but_needs_a_source(
    house: Services, signed_in: SignIn, more: str
) -> None:
    manager = signed_in("manager")
    message = edited(house, created(manager, REQUEST), more)
    at = f"/campaigns/{message.campaign_id}"
    page = manager.get(f"{at}/edit?customer={message.customer_id}").text
    start = message.text.index(more)
    whole = {"words": more, "start": start, "end": start + len(more)}
    bad = [c for c in message.checks if not c.ok and c.check != "wording"]
    assert bad
    manager.post(f"{at}/messages/{message.id}/confirm", data=whole)
    after = house.drafts.message(message.campaign_id, message.id)
    assert after.status is MessageStatus.BLOCKED
    assert [c for c in after.checks if not c.ok] == bad
    assert "Only an approver may name a source" in text_of(page)


def test_words_that_are_no_longer_there_are_not_confirmed(
    signed_in: SignIn, doubtful: Message
) -> None:
    at = f"/campaigns/{doubtful.campaign_id}/messages/{doubtful.id}/confirm"
    form = {"words": "something else", "start": 0, "end": 14}
    assert signed_in("manager").post(at, data=form).status_code == 409
    assert signed_in("viewer").post(at, data=form).status_code == 403


def others(page: str) -> list[str]:
    """What each button says that confirms the same words in the other messages, too."""
    found = re.findall(r'<button[^>]*name="everywhere" value="true">(.*?)</button>', page)
    return [text_of(button) for button in found]


def test_the_other_messages_that_say_so_are_confirmed_with_one_button(
    house: Services, signed_in: SignIn
) -> None:
    manager = signed_in("manager")
    campaign_id = created(manager, REQUEST)
    messages = house.drafts.messages(campaign_id, "", 100)[0]
    one, another, *rest = messages
    assert rest

    def say(message: Message, more: str) -> None:
        text = {"text": f"{message.text}\n\n{more}"}
        house.edits.edit(campaign_id, message.id, text, AUTHOR)

    at = f"/campaigns/{campaign_id}"
    path = f"{at}/edit?customer={one.customer_id}"
    say(one, PLAIN)
    page = manager.get(path).text
    assert (len(forms(page)), others(page)) == (1, [])
    say(another, f"{PLAIN} We guarantee a 20% discount.")
    assert others(manager.get(path).text) == [
        "I confirm this … and in the other message that says so"
    ]
    for message in rest:
        say(message, PLAIN)
    page = manager.get(path).text
    said = f"I confirm this … and in the other {len(messages) - 1} messages that say so"
    assert others(page) == [said]
    assert others(signed_in("viewer").get(path).text) == []
    assert others(manager.get(f"{path}&edit=1").text) == []
    form = forms(page)[0] | {"everywhere": "true"}
    answer = manager.post(f"{at}/messages/{one.id}/confirm", data=form)
    notice = notice_after(manager, answer.headers["location"])
    assert f"Confirmed by {AUTHOR.name} in {len(messages)} messages" in notice
    assert "1 message of these still to fix" in notice
    after = house.drafts.messages(campaign_id, "", 100)[0]
    assert [m.id for m in after if m.status is MessageStatus.BLOCKED] == [another.id]
    assert {m.vouched for m in after} == {1}
    page = manager.get(path).text
    assert (forms(page), f"confirmed by {AUTHOR.name}" in text_of(page)) == ([], True)
    trail, _ = house.access.audit(f"campaign:{campaign_id}", "", 1)
    assert (trail[0].action, trail[0].detail["messages"]) == ("campaign.confirmed", len(messages))
    assert "confirmed the same words in its messages" in text_of(
        signed_in("admin").get("/audit").text
    )


def test_what_was_rewritten_is_read_although_hundreds_were_confirmed(
    house: Services, signed_in: SignIn
) -> None:
    campaign_id = CampaignId(created(signed_in("manager"), REQUEST))
    rows.grow(house, campaign_id, 3 * READ_AT_MOST)
    with house.store.begin() as tx:
        last = tx.desk.outline(campaign_id)[-1].id
        tx.messages.replace_drafts(
            campaign_id,
            [replace(m, vouched=1, edited=m.id == last) for m in tx.messages.all(campaign_id)],
        )
    to_read = house.desk.to_read(campaign_id)
    assert len(to_read) == READ_AT_MOST
    assert to_read[-1].message.id == last
