"""What surrounds every screen: where one can go, what waits there, who one is."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.bootstrap import Services
from campaigns.model.access import Scope
from campaigns.model.campaign import CampaignStatus
from campaigns.model.people import ROLE_WORDS, Person
from campaigns.web.notices import Notice

LIVE = (CampaignStatus.SENDING, CampaignStatus.PAUSED, CampaignStatus.SCHEDULED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the main navigation.

    `badge` is shown beside it and `badge_words` read out; `urgent` badges ask for somebody.
    `key` is pressed after G. `on_bar` entries stand in the phone's bottom bar.
    """

    name: str
    path: str
    icon: str
    badge: str = ""
    badge_words: str = ""
    urgent: bool = False
    key: str = ""
    on_bar: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """Everything around a screen. `person` is None where nobody is signed in."""

    person: Person | None
    places: Sequence[Place] = ()
    simulated: str = ""
    notice: Notice | None = None
    theme: str = ""

    @property
    def role(self) -> str:
        """The person's role in words."""
        return ROLE_WORDS[self.person.role] if self.person else ""

    def may(self, scope: str) -> bool:
        """Whether the person may act in a scope, by its name."""
        return self.person is not None and self.person.actor.allows(Scope(scope))


def shell_for(services: Services, person: Person, notice: Notice | None, theme: str) -> Shell:
    """Return the shell for a signed-in person."""
    by_status, waiting = services.desk.waiting()
    live = sum(by_status.get(status, 0) for status in LIVE)
    review = by_status.get(CampaignStatus.IN_REVIEW, 0)
    return Shell(
        person=person,
        places=_places(live, waiting, review),
        simulated=_simulated(services),
        notice=notice,
        theme=theme,
    )


def _places(live: int, waiting: int, review: int) -> tuple[Place, ...]:
    return (
        Place(
            name="Campaigns",
            path="/campaigns",
            icon="send",
            badge=f"{live} live" if live else "",
            key="c",
            on_bar=True,
        ),
        Place(
            name="Inbox",
            path="/inbox",
            icon="inbox",
            badge=str(waiting) if waiting else "",
            badge_words=f"{waiting} need a reply" if waiting else "",
            urgent=True,
            key="i",
            on_bar=True,
        ),
        Place(
            name="Approvals",
            path="/approvals",
            icon="shield",
            badge=str(review) if review else "",
            badge_words=f"{review} waiting" if review else "",
            key="a",
            on_bar=True,
        ),
        Place(name="Automations", path="/automations", icon="clock"),
        Place(name="Customers", path="/customers", icon="people", key="u", on_bar=True),
        Place(name="Do not contact", path="/suppressions", icon="ban"),
        Place(name="Audit trail", path="/audit", icon="list"),
        Place(name="Settings", path="/settings/channels", icon="gear"),
    )


def _simulated(services: Services) -> str:
    """Return what to say about simulators: all, some, or nothing."""
    carriers = services.carriers.values()
    if all(c.simulated or c.ready is not None for c in carriers) and any(
        c.simulated for c in carriers
    ):
        return "Nothing leaves this machine"
    names = sorted(c.channel.value for c in carriers if c.simulated)
    return f"Simulated: {', '.join(names)}" if names else ""
