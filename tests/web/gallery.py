"""Every screen and state of the console, for `make screens` and for the accessibility checks."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playwright.sync_api import Page
from tests.web import rows
from tests.web.houses import ALL_CHANNELS, PEOPLE, REQUEST

from campaigns.bootstrap import Services
from campaigns.bootstrap.entrance import entrance_for
from campaigns.model.access import Actor, Scope
from campaigns.model.campaign import CampaignStatus
from campaigns.model.customer import Channel
from campaigns.model.ids import CampaignId

THAI = "ส่งข้อความเตือนต่อสัญญาให้โรงแรมฮิลตันทั้งหมดในไทยที่สัญญาจะหมดในไตรมาสนี้ ทาง LINE และอีเมล"
AUTHOR = Actor(name=PEOPLE["manager"][0], scopes=frozenset({Scope.READ, Scope.COMPOSE, Scope.SEND}))
APPROVER = Actor(name=PEOPLE["approver"][0], scopes=frozenset({Scope.APPROVE, Scope.REPLY}))
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
    unclear = _draft(services, "Send renewal reminders to our VIP friends near the beach")
    nobody = _draft(
        services, "Send renewal reminders to all Hiltons in Germany expiring in October"
    )
    everybody = _draft(services, "Send a seasonal offer for Christmas to all customers by email")
    review = _submitted(services, ALL_CHANNELS)
    approved = _approved(services)
    scheduled = _approved(services)
    services.sends.send(scheduled, AUTHOR, (), services.clock.now().replace(hour=23, minute=30))
    done = _sent(services)
    stopped, paused = _approved(services), _approved(services)
    services.sends.send(paused, AUTHOR)
    services.sends.pause(paused, AUTHOR)
    services.sends.cancel(stopped, AUTHOR)
    for channel, address, text in REPLIES:
        services.answers.respond(address, text, channel, AUTHOR)
    services.answers.suppress(Channel.EMAIL, "gm@quiet-hotel.example", "asked by phone", APPROVER)
    return (
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
        Screen("schedule-change", f"/campaigns/{scheduled}", press=press("Change time")),
        Screen("paused", f"/campaigns/{paused}"),
        Screen("stopped", f"/campaigns/{stopped}"),
        Screen("done", f"/campaigns/{done}"),
        Screen("done-viewer", f"/campaigns/{done}", "viewer"),
        Screen("report", f"/campaigns/{done}/report"),
        *_thousands(services),
        *_in_doubt(services),
        *_automations(services),
        *_elsewhere(services),
    )


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
        Screen("compose-4000-submit", f"/campaigns/{draft}/edit", press=press("Submit for")),
        Screen("paused-4000", f"/campaigns/{half}"),
        Screen("offline", f"/campaigns/{half}", press=_cut_off),
        Screen("server-gone", f"/campaigns/{draft}/edit", press=_unanswered),
    )


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
        Screen("compose-chip", draft, press=press("Edit Contract ends")),
        Screen("compose-edit", draft + "?edit=1"),
        Screen("compose-rewrite", draft, press=press("Rewrite…")),
        Screen("compose-submit", draft, press=press("Submit for approval")),
        Screen("compose-viewer", draft, "viewer"),
        Screen("compose-thai", thai),
        Screen("compose-thai-email", thai + "?ch=email"),
        Screen("compose-blocked", blocked),
        Screen("compose-blocked-submit", blocked, press=press("Submit for approval")),
        Screen("compose-unclear", unclear),
        Screen("compose-nobody", nobody),
        Screen("compose-everybody", everybody),
    )


def _elsewhere(services: Services) -> tuple[Screen, ...]:
    customer = services.customers.page("", "", 1)[0][0].id
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
        Screen("inbox-nothing", "/inbox?f=mine"),
        Screen("customers", "/customers"),
        Screen("customers-none", "/customers?q=nothing+like+this"),
        Screen("customer", "/customers/hilton-pattaya"),
        Screen("customer-bare", f"/customers/{customer}"),
        Screen("book", "/customers/book"),
        Screen("merge", "/customers/hilton-pattaya/merge/hilton-hua-hin-sands"),
        Screen("customer-contact", f"/customers/{customer}", press=press("Add a contact")),
        Screen("import", "/customers/import", "admin"),
        Screen("import-rows", "/customers/import", "admin", _looked_at),
        Screen("suppressions", "/suppressions", "approver"),
        Screen("suppressions-add", "/suppressions", "approver", press("Add contact")),
        Screen("audit", "/audit"),
        Screen("settings-channels", "/settings/channels", "admin"),
        Screen("settings-limits", "/settings/limits", "admin"),
        Screen("settings-ai", "/settings/ai", "admin"),
        Screen("settings-people", "/settings/people", "admin"),
        Screen("settings-invite", "/settings/people", "admin", press("Invite")),
        Screen("settings-keys", "/settings/keys", "admin"),
        Screen("settings-refused", "/settings/people"),
        Screen("not-found", "/campaigns/c_none"),
        Screen("not-allowed", "/campaigns/new", "viewer"),
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


def _approved(services: Services) -> CampaignId:
    campaign_id = _submitted(services, ALL_CHANNELS)
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
