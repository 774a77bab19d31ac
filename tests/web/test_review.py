"""The review names whom our default clock stands for."""

from collections.abc import Callable

from starlette.testclient import TestClient

from campaigns.bootstrap import Services
from campaigns.model.access import SYSTEM


def test_customers_without_a_known_zone_are_named_before_the_approval(
    house: Services, signed_in: Callable[[str], TestClient]
) -> None:
    campaign, _ = house.drafts.create("Announce our new playlists to all customers", SYSTEM)
    house.approvals.submit(campaign.id, SYSTEM)
    expected = house.outlook.forecast(campaign.id)
    assert expected.without_zone
    shown = signed_in("approver").get(f"/campaigns/{campaign.id}/review").text
    assert f"{expected.default_zone} stands in for time zones that are not known" in shown
    assert next(iter(expected.without_zone)).split("&")[0] in shown
    assert expected.without_holidays == {}  # on a frozen day no holidays count
