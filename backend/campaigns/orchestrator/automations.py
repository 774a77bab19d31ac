"""Automations as people set them up: make, change, pause, remove, look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.flow import rhythm as rhythms
from campaigns.flow import rhythm_words
from campaigns.flow.plan.wording import NAME_CHARS
from campaigns.flow.propose import open_points
from campaigns.model.access import Actor
from campaigns.model.audience import Audience
from campaigns.model.automation import NEEDS_A_PERSON, Automation, Run
from campaigns.model.errors import Among, Fault, NotFound, RequestInvalid, Stale
from campaigns.model.ids import AutomationId
from campaigns.model.plan import Plan
from campaigns.model.ports import Tx
from campaigns.orchestrator.drafts import Drafts
from campaigns.orchestrator.ports import Ports

OWN_KEYS = frozenset({"name", "rhythm", "again_after_days", "active"})
LONGEST_WAIT_DAYS = 3650


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An automation as shown: when it is due next (None while off) and its latest run."""

    automation: Automation
    next_due_at: datetime | None
    latest: Run | None

    @property
    def attention(self) -> str | None:
        """Why a person should look at it; None when nothing waits for one."""
        waits = self.latest is not None and self.latest.outcome in NEEDS_A_PERSON
        return self.latest.words if self.latest and waits else None


class Automations:
    """Setting automations up; carrying them out is `proposals.Proposals`."""

    def __init__(self, ports: Ports, drafts: Drafts) -> None:
        self._p = ports
        self._drafts = drafts
        self._zone = ZoneInfo(ports.house.timezone)

    # --- reading ---------------------------------------------------------------------------------

    def get(self, automation_id: AutomationId) -> Seen:
        """Return one automation."""
        with self._p.store.read() as tx:
            return self._seen(tx, [automation_in(tx, automation_id)])[0]

    def page(self, cursor: str, limit: int) -> tuple[Sequence[Seen], str | None]:
        """Return a page of automations, newest first."""
        with self._p.store.read() as tx:
            found, following = tx.automations.page(cursor, limit)
            return self._seen(tx, found), following

    def runs(
        self, automation_id: AutomationId, cursor: str, limit: int
    ) -> tuple[Sequence[Run], str | None]:
        """Return a page of an automation's runs, newest first."""
        with self._p.store.read() as tx:
            automation_in(tx, automation_id)
            return tx.automations.runs(automation_id, cursor, limit)

    def look(self, automation: Automation) -> tuple[Plan, Audience]:
        """Return what the automation's request means today and whom it reaches, unstored."""
        plan = self.plan(automation)
        return plan, self._drafts.audience_of(plan)

    def plan(self, automation: Automation) -> Plan:
        """Read the automation's request as of today.

        Raises `RequestInvalid` when a structured request no longer fits the customer book.
        """
        if automation.request is not None:
            return self._drafts.plan(automation.request)
        return self._drafts.structured(automation.structured or {})

    def _seen(self, tx: Tx, found: Sequence[Automation]) -> list[Seen]:
        latest = tx.automations.latest_runs([a.id for a in found])
        return [
            Seen(
                automation=a,
                next_due_at=rhythms.next_due(a.rhythm, self._zone, a.due_after)
                if a.active
                else None,
                latest=latest.get(a.id),
            )
            for a in found
        ]

    # --- changing --------------------------------------------------------------------------------

    def create(self, body: Mapping[str, object], actor: Actor) -> Seen:
        """Store a new automation.

        `body` holds "rhythm", "name", "again_after_days" and "active", and beside them either
        "human_request" or the keys of a structured request. A rhythm that the words themselves
        say ("every month, prepare …") needs no "rhythm" and is no part of the request. Raises
        `RequestInvalid` with pointers, also for a request that would need a person's answer at
        every run.
        """
        now = self._p.clock.now()
        body = _heard(body)
        given = body.get("rhythm")
        if not isinstance(given, Mapping):
            wanted = 'say when, as {"every": "month", "day": 1} or in the request'
            raise RequestInvalid([Fault("/rhythm", wanted)])
        rhythm = rhythms.parse(given)
        request, structured = _asked(body, None)
        made = Automation(
            id=AutomationId(self._p.ids.new("a")),
            name=_name(body.get("name")) or (request or "Automation")[:NAME_CHARS],
            rhythm=rhythm,
            request=request,
            structured=structured,
            again_after_days=_days(body.get("again_after_days")),
            active=body.get("active") is not False,
            author=actor.name,
            created_at=now,
            updated_at=now,
            due_after=now,
        )
        self._require_clear(made)
        with self._p.store.begin() as tx:
            tx.automations.add(made)
            self._note(tx, made, actor, "created", {"rhythm": rhythms.worded(made.rhythm)})
        return self.get(made.id)

    def change(
        self, automation_id: AutomationId, patch: Mapping[str, object], actor: Actor
    ) -> Seen:
        """Change some of it; a new rhythm, or switching it on, counts from now on."""
        with self._p.store.read() as tx:
            old = automation_in(tx, automation_id)
        changed = self._changed(old, _heard(patch), actor)
        with self._p.store.begin() as tx:
            if not tx.automations.save(changed):
                raise Stale(f"Automation {automation_id} ran or was changed meanwhile. Try again.")
            self._note(tx, changed, actor, "changed", {"keys": sorted(patch)})
        return self.get(automation_id)

    def _changed(self, old: Automation, patch: Mapping[str, object], actor: Actor) -> Automation:
        now = self._p.clock.now()
        changed = replace(old, updated_at=now)
        if patch.keys() - OWN_KEYS:
            request, structured = _asked(patch, old.structured)
            changed = replace(changed, request=request, structured=structured, author=actor.name)
            self._require_clear(changed)
        if "name" in patch:
            changed = replace(changed, name=_name(patch["name"]) or old.name)
        if "again_after_days" in patch:
            changed = replace(changed, again_after_days=_days(patch["again_after_days"]))
        given = patch.get("rhythm")
        if isinstance(given, Mapping):
            whole = given if "every" in given else {**rhythms.rhythm_json(old.rhythm), **given}
            changed = replace(changed, rhythm=rhythms.parse(whole))
        if patch.get("active") is not None:
            changed = replace(changed, active=patch["active"] is True)
        restarts = changed.rhythm != old.rhythm or (changed.active and not old.active)
        return replace(changed, due_after=now) if restarts else changed

    def remove(self, automation_id: AutomationId, actor: Actor) -> None:
        """Remove an automation and its runs; the campaigns it made and the audit trail stay."""
        with self._p.store.begin() as tx:
            gone = automation_in(tx, automation_id)
            tx.automations.remove(automation_id)
            self._note(tx, gone, actor, "removed", {"name": gone.name})

    def _note(
        self, tx: Tx, a: Automation, actor: Actor, what: str, detail: dict[str, object]
    ) -> None:
        now = self._p.clock.now()
        tx.audit.add(now, actor.name, f"automation.{what}", f"automation:{a.id}", detail)

    def _require_clear(self, automation: Automation) -> None:
        plan = self.plan(automation)
        if not plan.is_clear:
            way_on = "say here only what to send and to whom; when it runs is said in `rhythm`"
            at = "/human_request" if automation.request is not None else ""
            raise RequestInvalid([Fault(at, f"{open_points(plan)} – {way_on}")])


def automation_in(tx: Tx, automation_id: AutomationId) -> Automation:
    """Return the automation; raise `NotFound` naming it."""
    found = tx.automations.get(automation_id)
    if found is None:
        raise NotFound(f"There is no automation {automation_id}.", Among.AUTOMATIONS)
    return found


def _heard(body: Mapping[str, object]) -> Mapping[str, object]:
    """Return the body with the rhythm its words say moved out of them.

    Raises `RequestInvalid` when words and "rhythm" do not agree.
    """
    request, given = body.get("human_request"), body.get("rhythm")
    said, rest = rhythm_words.taken(request) if isinstance(request, str) else ({}, "")
    if not said:
        return body
    if given is None:
        return {**body, "human_request": rest, "rhythm": rhythm_words.completed(said)}
    if not isinstance(given, Mapping) or any(given.get(key) != said[key] for key in said):
        words = " ".join(f"{key} {value}" for key, value in said.items())
        raise RequestInvalid([Fault("/rhythm", f"is not what the request says: {words}")])
    return {**body, "human_request": rest}


def _asked(
    body: Mapping[str, object], before: Mapping[str, object] | None
) -> tuple[str | None, Mapping[str, object] | None]:
    """Return what is asked for: words, or a structured request with `body` put over `before`."""
    request = body.get("human_request")
    structured = {k: v for k, v in body.items() if k not in OWN_KEYS | {"human_request"}}
    if "send_at" in structured:
        raise RequestInvalid(
            [Fault("/send_at", "an automation never sends: a person approves and sends each time")]
        )
    if request is not None:
        beside = "goes without human_request: say it in the request's words"
        faults = [Fault(f"/{key}", beside) for key in sorted(structured)]
        if not str(request).strip():
            faults.append(Fault("/human_request", "must say what to send, and to whom"))
        if faults:
            raise RequestInvalid(faults)
        return str(request).strip(), None
    if not structured:
        raise RequestInvalid(
            [Fault("/human_request", "say what to send and to whom, here or with type and filters")]
        )
    whole = {**(before or {}), **structured}
    return None, {key: value for key, value in whole.items() if value is not None}


def _name(value: object) -> str:
    return " ".join(str(value or "").split())[:NAME_CHARS]


def _days(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LONGEST_WAIT_DAYS:
        return value
    wanted = f"must be a whole number of days from 1 to {LONGEST_WAIT_DAYS}, or null"
    raise RequestInvalid([Fault("/again_after_days", wanted)])
