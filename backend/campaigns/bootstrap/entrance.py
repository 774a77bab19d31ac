"""The door through an identity provider, where one is set."""

from zoneinfo import ZoneInfo

from campaigns.bootstrap.system import SystemClock
from campaigns.identity import Client, OpenIdProvider
from campaigns.model.identity import Admission
from campaigns.model.ports import Clock, Ids, Store
from campaigns.orchestrator.entrance import Entrance
from campaigns.orchestrator.people import Team
from campaigns.settings import Settings, UnknownPeople


def entrance_for(
    settings: Settings, team: Team, store: Store, clock: Clock, ids: Ids
) -> Entrance | None:
    """Return the entrance by the provider in the settings, None where there is none."""
    if not (settings.campaigns_oidc_issuer and settings.campaigns_oidc_client_id):
        return None
    client = Client(
        issuer=settings.campaigns_oidc_issuer,
        client_id=settings.campaigns_oidc_client_id,
        secret=settings.oidc_secret,
        name=settings.campaigns_oidc_name,
        groups_claim=settings.campaigns_oidc_role_claim or "",
    )
    admission = Admission(
        domains=settings.campaigns_oidc_domains,
        unknown_may_read=settings.campaigns_oidc_unknown is UnknownPeople.VIEWER,
        roles=settings.campaigns_oidc_roles,
    )
    # A provider's tokens live by real time, also on a day that is frozen here.
    provider = OpenIdProvider(client, SystemClock(ZoneInfo("UTC")))
    return Entrance(team, store, clock, ids, provider, admission)
