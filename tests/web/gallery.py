"""Every screen and state of the console, for `make screens` and for the accessibility checks."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import time as time_of_day

from playwright.sync_api import Page
from structlog.testing import capture_logs
from tests.web import rows
from tests.web.houses import ALL_CHANNELS, PEOPLE, REQUEST

from campaigns.bootstrap import Services
from campaigns.bootstrap.entrance import entrance_for
from campaigns.flow import track
from campaigns.model.access import Actor, Scope
from campaigns.model.campaign import CampaignStatus, LocalTime
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId, CustomerId, MessageId, ReplyId
from campaigns.model.message import MessageStatus
from campaigns.orchestrator.answering import Wanted

THAI = "ส่งข้อความเตือนต่อสัญญาให้โรงแรมฮิลตันทั้งหมดในไทยที่สัญญาจะหมดในไตรมาสนี้ ทาง LINE และอีเมล"
AUTHOR = Actor(name=PEOPLE["manager"][0], scopes=frozenset({Scope.READ, Scope.COMPOSE, Scope.SEND}))
APPROVER = Actor(name=PEOPLE["approver"][0], scopes=frozenset({Scope.APPROVE, Scope.REPLY}))
THAI_GUEST = "?customer=doubletree-by-hilton-chiang-mai-riverside"  # reads Thai, follows us on LINE
ELSEWHERE = "hilton-hua-hin-sands"
BARE = "driftwood-inn-ranong"  # nobody there can be written to
PATIENCE_S = 60.0
REPLIES = (
    (
        Channel.WHATSAPP,
        "+66856644142",
        "Yes please renew all zones, but Drift Bar keeps cutting out",
    ),
    (Channel.EMAIL, "jittima@hilton-pattaya.example", "ราคาเท่าเดิมใช่ไหมคะ แล้วสัญญาหมดวันไหน " * 6),
    (Channel.WHATSAPP, "+447700900123", "Who is this?"),
)


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture: who looks at which page, and what they press first."""

    name: str
    path: str
    role: str = "manager"
    press: Callable[[Page], object] | None = None


def furnish(services: Services) -> Sequence[Screen]:
    """Bring a house into every state; return where each is seen."""
    drafts = services.drafts
    draft = _draft(services, ALL_CHANNELS, "Hilton renewals, Thailand")
    thai = _draft(services, THAI, "ต่อสัญญาฮิลตัน ไตรมาสนี้")
    blocked = _draft(services, REQUEST + " by email")
    message = drafts.messages(blocked, "", 1)[0][0]
    services.edits.edit(
        blocked, message.id, {"text": message.text + "\nWe guarantee a 20% discount."}, AUTHOR
    )
    doubtful = _draft(services, REQUEST)
    more = "\n\nWe hope the gamelans please you."
    for other in reversed(drafts.messages(doubtful, "", 3)[0]):
        message = services.edits.edit(doubtful, other.id, {"text": other.text + more}, AUTHOR)
    unclear = _draft(services, "Send renewal reminders to our VIP friends near the beach")
    nobody = _draft(
        services, "Send renewal reminders to all Hiltons in Germany expiring in October"
    )
    everybody = _draft(services, "Send a seasonal offer for Christmas to all customers by email")
    stale = f"/campaigns/{_draft(services, ALL_CHANNELS, 'Composed last week')}/edit"
    review = _submitted(services, ALL_CHANNELS)
    approved = _approved(services)
    again = _approved(services)
    changed = drafts.messages(again, "", 1)[0][0]
    thanks = {"text": f"{changed.text}\n\nThank you."}
    services.edits.edit(again, changed.id, thanks, AUTHOR)
    services.approvals.submit(again, AUTHOR)
    scheduled = _approved(services)
    services.sends.send(scheduled, AUTHOR, (), services.clock.now().replace(hour=23, minute=30))
    everywhere = "Announce our new playlists to all customers"
    spread = _approved(services, everywhere)
    by_itself = _draft(services, everywhere, "New playlists, everywhere")
    services.approvals.submit(by_itself, AUTHOR, "", LocalTime(at=time_of_day(10)))
    done = _sent(services)
    troubled = _approved(services)
    rows.fail(services, troubled)
    stopped, paused = _approved(services), _approved(services)
    services.sends.send(paused, AUTHOR)
    services.sends.pause(paused, AUTHOR)
    services.sends.cancel(stopped, AUTHOR)
    for channel, address, text in REPLIES:
        services.answers.respond(address, text, channel, AUTHOR)
    services.answers.suppress(Channel.EMAIL, "gm@quiet-hotel.example", "asked by phone", APPROVER)
    return (
        Screen("compose-confirm", f"/campaigns/{doubtful}/edit?customer={message.customer_id}"),
        *_composing(draft, thai, blocked, unclear, nobody, everybody),
        Screen("approvals", "/approvals", "approver"),
        Screen("review", f"/campaigns/{review}/review", "approver"),
        Screen(
            "review-changes", f"/campaigns/{review}/review", "approver", press("Request changes")
        ),
        Screen("review-viewer", f"/campaigns/{review}/review", "viewer"),
        Screen("in-review", f"/campaigns/{review}"),
        Screen("approved", f"/campaigns/{approved}"),
        Screen("approved-skip", f"/campaigns/{approved}", "approver", press("Send to ")),
        Screen("scheduled", f"/campaigns/{scheduled}"),
        Screen("schedule", f"/campaigns/{approved}", "approver", press("Schedule")),
        Screen("schedule-far", f"/campaigns/{spread}", "approver", press("Schedule")),
        Screen("review-again", f"/campaigns/{again}/review", "approver"),
        Screen("review-by-itself", f"/campaigns/{by_itself}/review", "approver"),
        Screen("in-review-by-itself", f"/campaigns/{by_itself}"),
        Screen("schedule-change", f"/campaigns/{scheduled}", press=press("Change time")),
        Screen("paused", f"/campaigns/{paused}"),
        Screen("stopped", f"/campaigns/{stopped}"),
        Screen("done", f"/campaigns/{done}"),
        Screen("done-retry", f"/campaigns/{troubled}"),
        Screen("done-viewer", f"/campaigns/{done}", "viewer"),
        Screen("report", f"/campaigns/{done}/report"),
        *_thousands(services),
        *_between(services, approved),
        *_strangers(services),
        Screen("compose-stale", stale, press=_outdated(services, opened=False)),
        Screen("compose-stale-why", stale, press=_outdated(services, opened=True)),
        *_in_doubt(services),
        *_automations(services),
        *_elsewhere(services, stopped),
    )


def _answers(services: Services) -> tuple[Screen, ...]:
    """Return the states of an answer: sent, failed, asked about; opted out, without words."""

    def heard(address: str, words: str) -> ReplyId:
        return services.answers.respond(address, words, Channel.WHATSAPP, AUTHOR).id

    def answered(reply_id: ReplyId) -> None:
        services.answering.give(Wanted(reply_id=reply_id, text="Thank you for writing."), AUTHOR)
        deadline = time.monotonic() + PATIENCE_S
        while services.answering.look(reply_id).newest.status in track.UNSETTLED:  # type: ignore[union-attr]
            assert time.monotonic() < deadline, "an answer does not leave"
            time.sleep(0.1)

    # The simulator refuses what goes to a number that ends in 01.
    sent, failed = heard("+66990001102", "When?"), heard("+66990001101", "Where?")
    answered(sent)
    answered(failed)

    def stands(address: str, words: str, status: MessageStatus, reason: str = "") -> ReplyId:
        reply_id = heard(address, words)
        rows.answer(services, reply_id, AUTHOR, status, reason)
        return reply_id

    refused = stands(
        "+66990001160",
        "Please call",
        MessageStatus.FAILED,
        "transient: 131000: Something went wrong",
    )
    doubtful = stands("+66990001161", "Please call", MessageStatus.IN_DOUBT, rows.NO_ANSWER)
    held = heard("+66990001162", "Please call me today")
    waiting = rows.answer(services, held, AUTHOR, MessageStatus.CANCELLED, "")
    taken = heard("+66990001163", "The music is too loud at breakfast")
    colleague = next(p for p in services.people.all() if p.name == APPROVER.name)
    services.desk.assign(f"reply:{taken}", colleague.id, APPROVER, "I know them")
    unread = heard("+66990001164", "We may want two more zones")
    with services.store.begin() as tx:
        found = tx.replies.get(unread)
        assert found
        without = replace(found.reading, fallback="the model did not answer in time")
        tx.inbox.reread(replace(found, reading=without))
    stopped = heard("+66990001155", "STOP")
    voice = heard("+66990001156", "[audio]")
    claims = heard("+66990001157", "Any discount?")
    stranger = heard("+66812001158", "Is the new playlist ready for our lobby?")
    named = heard("+66812001159", "When does our contract end?")
    services.senders.say(named, CustomerId("hilton-pattaya"), None, AUTHOR)
    return (
        Screen("inbox-answered", f"/inbox?f=all&sel={sent}"),
        Screen("inbox-answer-failed", f"/inbox?f=all&sel={failed}"),
        Screen("inbox-answer-claims", f"/inbox?f=all&sel={claims}", press=_claim),
        Screen("inbox-answer-retry", f"/inbox?f=all&sel={refused}"),
        Screen("inbox-answer-doubt", f"/inbox?f=all&sel={doubtful}"),
        Screen("inbox-answer-waits", f"/inbox?f=all&sel={held}", press=_hold(services, waiting)),
        Screen("inbox-taken", f"/inbox?f=all&sel={taken}", press=_beside(services, taken)),
        Screen("inbox-no-model", f"/inbox?f=all&sel={unread}"),
        Screen("inbox-viewer", f"/inbox?f=all&sel={unread}", "viewer"),
        Screen("inbox-no-match", "/inbox?q=nothing+like+this"),
        Screen("inbox-opted-out", f"/inbox?f=all&sel={stopped}", "approver"),
        Screen("inbox-opted-out-undo", f"/inbox?f=all&sel={stopped}", "approver", press("Undo")),
        Screen("inbox-voice", f"/inbox?f=all&sel={voice}"),
        Screen("inbox-unknown", f"/inbox?f=all&sel={stranger}"),
        Screen("inbox-unknown-find", f"/inbox?f=all&sel={stranger}&find=pattaya"),
        Screen("inbox-named", f"/inbox?f=all&sel={named}"),
        Screen("inbox-named-enter", f"/inbox?f=all&sel={named}", press=press("Add to the book")),
    )


def _hold(services: Services, message_id: MessageId) -> Callable[[Page], object]:
    """Return a look at an answer that has a minute until it leaves."""

    def act(page: Page) -> None:
        rows.hold(services, message_id)
        page.reload()

    return act


def _beside(services: Services, reply_id: ReplyId) -> Callable[[Page], object]:
    """Return a look at a reply that a colleague has open at the same time."""

    def act(page: Page) -> None:
        colleague = next(p for p in services.people.all() if p.name == APPROVER.name)
        services.inbox.attend(reply_id, colleague.id)
        page.reload()

    return act


def _claim(page: Page) -> None:
    page.get_by_role("textbox", name="Reply").fill("We give 20% off from 1 March.")
    page.get_by_role("button", name="Send reply").click()
    page.get_by_role("heading", name="Not in the record").wait_for()


def _automations(services: Services) -> tuple[Screen, ...]:
    body = {"human_request": "every month on the 1st, prepare renewal reminders to all Hiltons"}
    made = services.automations.create(body, AUTHOR).automation
    services.proposals.run_now(made.id, AUTHOR)
    return (
        Screen("automations", "/automations"),
        Screen("automations-new", "/automations", press=press("New automation")),
        Screen("automation", f"/automations/{made.id}"),
        Screen("automation-viewer", f"/automations/{made.id}", "viewer"),
    )


def _thousands(services: Services) -> tuple[Screen, ...]:
    """A draft and a campaign half way, both to 4,000; the latter also seen without a network."""
    request = "Send a seasonal offer for Christmas to all customers by WhatsApp, LINE and email"
    draft = _draft(services, request, "Christmas offer, every house")
    half = _draft(services, request, "Christmas offer, every house")
    for campaign_id in (draft, half):
        rows.grow(services, campaign_id)
    rows.halve(services, half, APPROVER)
    return (
        Screen("compose-4000", f"/campaigns/{draft}/edit"),
        Screen("compose-4000-days", f"/campaigns/{draft}/edit", press=_by_day),
        Screen("compose-4000-submit", f"/campaigns/{draft}/edit", press=press("Submit for")),
        Screen("paused-4000", f"/campaigns/{half}"),
        Screen("offline", f"/campaigns/{half}", press=_cut_off),
        Screen("server-gone", f"/campaigns/{draft}/edit", press=_unanswered),
    )


def _between(services: Services, decided: CampaignId) -> tuple[Screen, ...]:
    """Return campaigns on their way from one state to the next."""
    returned = _submitted(services, ALL_CHANNELS)
    services.approvals.reject(returned, "Leave Phuket out; the price there is new.", APPROVER)
    own, _ = services.drafts.create(ALL_CHANNELS, APPROVER, "Renewals, written by an approver")
    services.approvals.submit(own.id, APPROVER)
    tried = _draft(services, ALL_CHANNELS, "Two tones")
    tones = [{"name": t.capitalize(), "tone": t} for t in ("formal", "warm")]
    services.variants.set(tried, tones, AUTHOR)
    sending = _draft(services, ALL_CHANNELS, "Renewals, under way")
    rows.grow(services, sending, 214)
    for campaign_id in (tried, sending):
        rows.halve(services, campaign_id, APPROVER)
    rows.under_way(services, sending)
    return (
        Screen("compose-returned", f"/campaigns/{returned}/edit"),
        Screen("review-own", f"/campaigns/{own.id}/review", "approver"),
        Screen("review-decided", f"/campaigns/{decided}/review", "approver"),
        Screen("paused-variants", f"/campaigns/{tried}"),
        Screen("sending", f"/campaigns/{sending}"),
        Screen("sending-stop", f"/campaigns/{sending}", press=press("Stop the rest")),
        Screen("sending-halted", f"/campaigns/{sending}", press=_halted(services)),
    )


def _halted(services: Services) -> Callable[[Page], object]:
    """Return a look at a campaign one of whose channels somebody has stopped."""

    def act(page: Page) -> None:
        services.sends.stop([Channel.WHATSAPP], "the number is being moved", APPROVER)
        page.reload()
        services.sends.reopen(Channel.WHATSAPP, APPROVER)

    return act


def _strangers(services: Services) -> tuple[Screen, ...]:
    """Return what is seen by recipients, and by people who have no account yet."""
    message = services.drafts.messages(_approved(services, REQUEST + " by email"), "", 1)[0][0]
    way_out = message.text[message.text.index("/u/") :].split()[0].rstrip(".")
    customer = services.customers.get(CustomerId(ELSEWHERE))[0]
    contact = next(c for c in customer.contacts if c.address(Channel.LINE) is None)
    invited = services.linking.invite(customer.id, contact.id, AUTHOR)
    admin = next(p for p in services.people.all() if p.name == PEOPLE["admin"][0])
    role = PEOPLE["viewer"][1]
    _, token = services.people.invite("Dao R.", "dao@agency.example", role, admin.actor)
    return (
        Screen("unsubscribe", way_out, ""),
        Screen("unsubscribe-broken", way_out[:-4], ""),
        Screen("line-link", f"/line/{invited.message}", ""),
        Screen("line-link-broken", "/line/none", ""),
        Screen("welcome", f"/welcome/{token}", ""),
        Screen("login-refused", "/login", "", _refused),
    )


def _refused(page: Page) -> None:
    page.get_by_role("textbox", name="Email").fill("nobody@agency.example")
    page.get_by_role("textbox", name="Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()


def _outdated(services: Services, *, opened: bool) -> Callable[[Page], object]:
    """Return a look at a draft while the book says something else of two of its customers."""

    def act(page: Page) -> None:
        for customer, end in (("hilton-pattaya", "2025-11-20"), (ELSEWHERE, "2027-11-20")):
            services.editing.set_value(CustomerId(customer), "Contract End", end, AUTHOR)
        page.reload()
        for _ in range(2):
            services.editing.undo(AUTHOR)
        if opened:
            page.get_by_text("What changed", exact=True).click()

    return act


def _in_doubt(services: Services) -> tuple[Screen, ...]:
    campaign_id = _approved(services)
    rows.doubt(services, campaign_id)
    return (
        Screen("doubts", "/doubts"),
        Screen("doubts-viewer", "/doubts", "viewer"),
        Screen("doubts-campaign", f"/campaigns/{campaign_id}"),
    )


def _composing(*ids: CampaignId) -> tuple[Screen, ...]:
    draft, thai, blocked, unclear, nobody, everybody = (f"/campaigns/{i}/edit" for i in ids)
    return (
        Screen("compose-empty", "/campaigns/new"),
        Screen("compose", draft),
        Screen("compose-email", draft + "?ch=email"),
        Screen("compose-filter", draft, press=press("Add filter")),
        Screen("compose-add", draft + "?find=marriott"),
        Screen("compose-chip", draft, press=press("Edit Contract ends")),
        Screen("compose-edit", draft + "?edit=1"),
        Screen("compose-rewrite", draft, press=press("Rewrite…")),
        Screen("compose-submit", draft, press=press("Submit for approval")),
        Screen("compose-viewer", draft, "viewer"),
        Screen("compose-thai", thai + THAI_GUEST + "&ch=line"),
        Screen("compose-thai-email", thai + THAI_GUEST + "&ch=email"),
        Screen("compose-blocked", blocked),
        Screen("compose-blocked-submit", blocked, press=press("Submit for approval")),
        Screen("compose-unclear", unclear),
        Screen("compose-nobody", nobody),
        Screen("compose-everybody", everybody),
    )


def _elsewhere(services: Services, over: CampaignId) -> tuple[Screen, ...]:
    rows.templates(services)
    by_channel = {r.channel: r.id for r in services.answers.page("", 50, None, waiting=False)[0]}
    newest, thai = by_channel[Channel.WHATSAPP], by_channel[Channel.EMAIL]
    return (
        Screen("login", "/login", ""),
        Screen("login-provider", "/login", "", _with_provider(services)),
        Screen("login-expired", "/login?expired=1&next=/inbox", ""),
        Screen("setup-used", "/setup?token=none", ""),
        Screen("campaigns", "/campaigns"),
        Screen("campaigns-none", "/campaigns?q=nothing+like+this"),
        Screen("inbox", "/inbox?f=all"),
        Screen("inbox-thread", f"/inbox?f=all&sel={newest}"),
        Screen("inbox-escalate", f"/inbox?f=all&sel={newest}", press=press("Escalate")),
        Screen("inbox-thai", f"/inbox?f=all&sel={thai}"),
        *_answers(services),
        Screen("inbox-nothing", "/inbox?f=mine"),
        Screen("customers", "/customers"),
        Screen("customers-none", "/customers?q=nothing+like+this"),
        Screen("customer", "/customers/hilton-pattaya"),
        Screen("customer-bare", f"/customers/{BARE}"),
        Screen("book", "/customers/book"),
        Screen("merge", "/customers/hilton-pattaya/merge/hilton-hua-hin-sands"),
        Screen("customer-contact", f"/customers/{BARE}", press=press("Add a contact")),
        Screen("import", "/customers/import", "admin"),
        Screen("import-rows", "/customers/import", "admin", _looked_at),
        Screen("suppressions", "/suppressions", "approver"),
        Screen("suppressions-add", "/suppressions", "approver", press("Add contact")),
        Screen("audit", "/audit"),
        Screen("settings-channels", "/settings/channels", "admin"),
        Screen("settings-limits", "/settings/limits", "admin"),
        Screen("settings-templates", "/settings/templates", "approver"),
        Screen("settings-ai", "/settings/ai", "admin"),
        Screen("settings-people", "/settings/people", "admin"),
        Screen("settings-invite", "/settings/people", "admin", press("Invite")),
        Screen("settings-keys", "/settings/keys", "admin"),
        Screen("settings-refused", "/settings/people"),
        Screen("not-found", "/campaigns/c_none"),
        Screen("not-allowed", "/campaigns/new", "viewer"),
        Screen("changed", "/campaigns", press=_posted(f"/campaigns/{over}/pause")),
        Screen("wrong-form", "/campaigns", press=_posted("/customers/hilton-pattaya/contacts")),
        Screen("wrong-field", "/customers/hilton-pattaya", press=_nameless),
        Screen("broken", "/campaigns", press=_broken(services)),
        Screen("keys", "/campaigns", press=lambda page: page.keyboard.press("?")),
    )


def _looked_at(page: Page) -> None:
    """Upload rows of every kind: one that fits, one that is near, one that is unknown."""
    rows = "Hotel,E-mail,Wine\nHilton Pattaya,bar@hilton-pattaya.example,red\n"
    rows += "Hilton Pataya,spa@hilton-pattaya.example,red\nEmber Lantern Rooms,a@b,red\n"
    given = {"name": "crm.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.get_by_label(re.compile("^A CSV table")).set_input_files(given)  # type: ignore[arg-type]
    page.get_by_role("button", name="Look at them").click()
    page.get_by_role("heading", name="What these files would change").wait_for()


def _posted(path: str) -> Callable[[Page], object]:
    """Return a form posted as a browser without script posts it, to be refused."""

    def act(page: Page) -> None:
        post = "(path) => { const form = document.createElement('form');"
        post += " form.method = 'post'; form.action = path;"
        post += " form.innerHTML = '<input name=name value=Nid><input name=phone value=+6681>';"
        post += " document.body.append(form); form.submit(); }"
        with page.expect_navigation():
            page.evaluate(post, path)

    return act


def _nameless(page: Page) -> None:
    """Send a form without a field that its browser let through."""
    page.get_by_role("button", name="Add a contact").click()
    dialog = page.get_by_role("dialog", name="Add a contact")
    dialog.get_by_label("Name").fill("Khun Nid")
    dialog.get_by_label("Role").evaluate("(field) => field.removeAttribute('required')")
    dialog.get_by_role("button", name="Write into the book").click()
    page.get_by_text("Fill this in.").wait_for()


def _broken(services: Services) -> Callable[[Page], object]:
    """Return a look at a page that fails for a reason nobody thought of."""

    def act(page: Page) -> None:
        inbox, services.inbox = services.inbox, None  # type: ignore[assignment]
        try:
            with capture_logs():  # the trace would be long to write
                page.goto("/inbox")
        finally:
            services.inbox = inbox

    return act


def _by_day(page: Page) -> None:
    page.locator("details.by-day > summary").click()


def _cut_off(page: Page) -> None:
    """Take the network away; whoever uses the page next gives it back."""
    page.context.set_offline(True)
    page.get_by_text("Connection lost").wait_for()


def _unanswered(page: Page) -> None:
    """Ask for something once while the server does not answer."""
    page.route("**/edit?rows=*", lambda route: route.abort(), times=1)
    page.get_by_role("link", name="Show 50 more").click()
    page.get_by_text("The server did not answer").wait_for()


def _with_provider(services: Services) -> Callable[[Page], object]:
    """Return a look at a door that has an identity provider, too."""
    given = {
        "campaigns_oidc_issuer": "https://id.agency.example",
        "campaigns_oidc_client_id": "console",
        "campaigns_oidc_name": "Agency ID",
    }
    s = services
    chosen = s.settings.model_copy(update=given)
    entrance = entrance_for(chosen, s.people, s.store, s.clock, s.ids)

    def act(page: Page) -> None:
        services.entrance = entrance
        page.reload()
        services.entrance = None

    return act


def press(name: str) -> Callable[[Page], object]:
    """Return a press on the first button whose name begins so."""

    def act(page: Page) -> None:
        page.locator(f'button:has-text("{name}"), button[aria-label^="{name}"]').first.click()

    return act


def _draft(services: Services, request: str, name: str = "Renewals, autumn") -> CampaignId:
    return services.drafts.create(request, AUTHOR, name)[0].id


def _submitted(services: Services, request: str) -> CampaignId:
    campaign_id = _draft(services, request)
    services.approvals.submit(campaign_id, AUTHOR)
    return campaign_id


def _approved(services: Services, request: str = ALL_CHANNELS) -> CampaignId:
    campaign_id = _submitted(services, request)
    shown = services.drafts.get(campaign_id).content_hash
    services.approvals.approve(campaign_id, shown, APPROVER)
    return campaign_id


def _sent(services: Services) -> CampaignId:
    campaign_id = _approved(services)
    services.sends.send(campaign_id, AUTHOR)
    deadline = time.monotonic() + PATIENCE_S
    while services.drafts.get(campaign_id).status is not CampaignStatus.COMPLETED:
        assert time.monotonic() < deadline, "the campaign was not sent in time"
        time.sleep(0.1)
    return campaign_id
