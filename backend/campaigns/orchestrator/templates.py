"""The template library: what Meta says of our templates, and what of it holds messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from campaigns.model.access import SYSTEM, Actor
from campaigns.model.customer import Channel
from campaigns.model.delivery import Reason
from campaigns.model.errors import Among, NotFound, ProviderRefused, WrongState
from campaigns.model.message import Template
from campaigns.model.ports import Clock, Store, TemplateApi, Tx
from campaigns.model.template import (
    KnownTemplate,
    TemplateNews,
    TemplateStatus,
    WantedTemplate,
)

log = structlog.get_logger(__name__)

SYNC_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A template for people: what Meta says, and how many unsent messages want it."""

    template: KnownTemplate
    messages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What came of submitting one template: `refused` holds every objection, ours or Meta's."""

    name: str
    language: str
    status: TemplateStatus
    refused: tuple[str, ...] = ()


class TemplateLibrary:
    """WhatsApp templates, ours and others of the account.

    `api` is None while the account is not configured; `missing` then says what it needs.
    """

    def __init__(
        self, store: Store, clock: Clock, api: TemplateApi | None, missing: str = ""
    ) -> None:
        self._store = store
        self._clock = clock
        self._api = api
        self._missing = missing
        self._synced_at: datetime | None = None

    @property
    def missing(self) -> str | None:
        """What the account still needs before Meta can be asked, None when it can be."""
        return self._missing if self._api is None else None

    # --- looking ---------------------------------------------------------------------------------

    def all(self) -> Sequence[Listed]:
        """Return every template known or wanted, by name and language."""
        with self._store.read() as tx:
            known = {(k.name, k.language): k for k in tx.templates.all()}
            wanted = {(w.name, w.language): w for w in tx.templates.wanted()}
        listed = [
            Listed(template=k, messages=wanted[key].messages if key in wanted else 0)
            for key, k in known.items()
        ]
        listed += [
            Listed(template=_missing(w), messages=w.messages)
            for key, w in wanted.items()
            if key not in known
        ]
        return sorted(listed, key=lambda one: (one.template.name, one.template.language))

    def template(self, name: str, language: str) -> KnownTemplate | None:
        """Return what Meta last told about a template."""
        with self._store.read() as tx:
            return tx.templates.get(name, language)

    def heard_at(self, address: str) -> datetime | None:
        """Return when the person at a WhatsApp address last wrote to us, None when never."""
        with self._store.read() as tx:
            return tx.outbox.heard_at(Channel.WHATSAPP, address)

    def trouble(self, tx: Tx, template: Template) -> str | None:
        """Return why a template cannot be sent with now, None when it can."""
        known = tx.templates.get(template.name, template.language)
        if known is None:
            label = f"template {template.name} ({template.language})"
            return f"{label} is not submitted to Meta yet: campaigns templates submit"
        return known.trouble

    # --- at Meta ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Sync when the last time is a while ago; when Meta does not answer, what is known holds."""
        now = self._clock.now()
        if self._api is None or (self._synced_at and now - self._synced_at < SYNC_EVERY):
            return
        self._synced_at = now
        try:
            self.sync(SYSTEM)
        except ProviderRefused as error:
            log.warning("templates_not_synced", reason=str(error))

    def sync(self, actor: Actor) -> int:
        """Ask Meta for every template of the account; return how many changed.

        What Meta no longer has is kept as deleted. Raises `ProviderRefused`, `WrongState`.
        """
        api = self._ready()
        asked_at = self._clock.now()
        told = api.list()
        with self._store.begin() as tx:
            known = {(k.name, k.language): k for k in tx.templates.all()}
            there = {(news.name, news.language) for news in told}
            gone = [
                TemplateNews(
                    name=name, language=language, at=asked_at, status=TemplateStatus.DELETED
                )
                for (name, language), k in known.items()
                if (name, language) not in there and k.status is not TemplateStatus.MISSING
            ]
            changed = sum(
                self.heard(tx, replace(news, at=asked_at), actor) for news in [*told, *gone]
            )
        self._synced_at = asked_at
        return changed

    def submit(self, actor: Actor, names: Sequence[str] = ()) -> Sequence[Submitted]:
        """Submit the templates unsent messages want, or those of them in `names`, for approval.

        Each is checked by Meta's rules here first. Raises `NotFound` for a name no message wants,
        `WrongState` when the account is not configured.
        """
        api = self._ready()
        with self._store.read() as tx:
            wanted = tx.templates.wanted()
            known = {(k.name, k.language): k for k in tx.templates.all()}
        unknown = sorted(set(names) - {w.name for w in wanted})
        if unknown:
            raise NotFound(f"No unsent message wants template {unknown[0]}.", Among.TEMPLATES)
        chosen = [w for w in wanted if not names or w.name in names]
        return [
            self._submit(api, w, known, actor)
            for w in chosen
            if known.get((w.name, w.language), _missing(w)).status
            in (TemplateStatus.MISSING, TemplateStatus.DELETED)
        ]

    def _submit(
        self,
        api: TemplateApi,
        wanted: WantedTemplate,
        known: Mapping[tuple[str, str], KnownTemplate],
        actor: Actor,
    ) -> Submitted:
        spec = api.spec(wanted)
        same = [k.name for k in known.values() if k.body == spec.body and k.name != spec.name]
        faults = [*api.faults(spec)]
        faults += [f"its text is the same as that of template {name}" for name in same]
        submitted = Submitted(
            name=spec.name,
            language=spec.language,
            status=TemplateStatus.MISSING,
            refused=tuple(faults),
        )
        if faults:
            return submitted
        try:
            news = api.create(spec)
        except ProviderRefused as error:
            return replace(submitted, refused=(str(error),))
        now = self._clock.now()
        with self._store.begin() as tx:
            old = tx.templates.get(spec.name, spec.language) or _missing(wanted)
            made = replace(old, submitted_as=spec.category).after(replace(news, at=now))
            tx.templates.put(made)
            detail: dict[str, object] = {"language": spec.language, "category": spec.category.value}
            tx.audit.add(now, actor.name, "template.submitted", f"template:{spec.name}", detail)
        return replace(submitted, status=made.status)

    def release(self, name: str, language: str, actor: Actor) -> KnownTemplate:
        """Let a template be used again: accept Meta's category, end a stop of our own.

        Raises `NotFound`, and `WrongState` when there is nothing to release.
        """
        now = self._clock.now()
        with self._store.begin() as tx:
            known = tx.templates.get(name, language)
            if known is None:
                raise NotFound(f"There is no template {name} ({language}).")
            released = replace(
                known, stopped="", submitted_as=known.submitted_as and known.category
            )
            if released == known:
                raise WrongState(
                    f"Template {name} ({language}) is neither stopped nor recategorised; "
                    f"at Meta it is {known.status.value}."
                )
            tx.templates.put(released)
            detail: dict[str, object] = {"language": language, "category": str(known.category)}
            tx.audit.add(now, actor.name, "template.released", f"template:{name}", detail)
        return released

    def _ready(self) -> TemplateApi:
        if self._api is None:
            raise WrongState(self._missing)
        return self._api

    # --- news ------------------------------------------------------------------------------------

    def heard(self, tx: Tx, news: TemplateNews, actor: Actor = SYSTEM) -> bool:
        """Take in news about a template; return whether it changed anything."""
        first = KnownTemplate(name=news.name, language=news.language)
        old = tx.templates.get(news.name, news.language)
        new = (old or first).after(news)
        if new == old:
            return False
        tx.templates.put(new)
        if old is not None and (old.status, old.category) == (new.status, new.category):
            return False
        detail: dict[str, object] = {
            "language": new.language,
            "status": new.status.value,
            "category": new.category.value if new.category else None,
        }
        tx.audit.add(
            self._clock.now(), actor.name, "template.changed", f"template:{new.name}", detail
        )
        return True

    def template_refused(self, template: Template, reason: Reason, *, ours: bool) -> None:
        """Hold a template Meta refused a message for: until Meta says it is approved.

        When the cause is `ours` another approval changes nothing: until a person releases it.
        """
        with self._store.begin() as tx:
            self.hold(tx, template, reason, ours=ours)

    def hold(self, tx: Tx, template: Template, reason: Reason, *, ours: bool) -> None:
        """Hold a template: see `template_refused`."""
        why = f"Meta refused a message with it ({reason.code}: {reason.detail})"
        if ours:
            known = tx.templates.get(template.name, template.language)
            known = known or KnownTemplate(name=template.name, language=template.language)
            tx.templates.put(replace(known, stopped=why))
            return
        news = TemplateNews(
            name=template.name,
            language=template.language,
            at=self._clock.now(),
            status=TemplateStatus.PAUSED,
            reason=why,
        )
        self.heard(tx, news)


def _missing(wanted: WantedTemplate) -> KnownTemplate:
    return KnownTemplate(name=wanted.name, language=wanted.language, body=wanted.body)
