"""A customer that the request does not mean is added by name: shown, in the trail, a new approval."""

import re

from tests.web.conftest import SignIn
from tests.web.houses import created, notice_after, submitted, text_of

from campaigns.bootstrap import Services
from campaigns.model.campaign import CampaignStatus
from campaigns.model.ids import CampaignId, CustomerId

REQUEST = "Send renewal reminders to all Hiltons in Thailand expiring this quarter"


def another(house: Services, campaign_id: str) -> tuple[CustomerId, str]:
    """A customer the campaign does not mean, and can reach."""
    members = {m.customer_id for m in house.drafts.audience(CampaignId(campaign_id))[0].members}
    page, _ = house.customers.page("", "", 500)
    found = next(c for c in page if c.id not in members and c.contacts and c.zone_count)
    return found.id, found.name


def outside_and_in(house: Services, campaign_id: str) -> int:
    audience, _ = house.drafts.audience(CampaignId(campaign_id))
    return audience.customers + sum(x.customers for x in audience.excluded)


def test_a_customer_is_found_by_name_added_shown_and_audited(
    house: Services, signed_in: SignIn
) -> None:
    manager = signed_in("manager")
    campaign_id = created(manager, REQUEST)
    which, name = another(house, campaign_id)
    everybody = outside_and_in(house, campaign_id)
    found = manager.get(f"/campaigns/{campaign_id}/edit", params={"find": name.lower()}).text
    assert f"Add {name}" in text_of(found)
    form = {"customer_id": which, "name": name, "include": "1", "added": "1"}
    at = f"/campaigns/{campaign_id}/customers"
    told = manager.post(at, data=form).headers["location"]
    assert notice_after(manager, told) == f"{name} is added"
    page = text_of(manager.get(f"/campaigns/{campaign_id}/edit").text)
    assert re.search(rf"{re.escape(name)}.{{0,80}}added by hand", page)
    assert outside_and_in(house, campaign_id) == everybody
    trail = text_of(manager.get(f"/audit?subject=campaign:{campaign_id}").text)
    assert re.search(rf"added {which}", trail)
    again = manager.get(f"/campaigns/{campaign_id}/edit", params={"find": name}).text
    assert "in the audience" in text_of(again)
    assert f"Add {name}" not in text_of(again)


def test_one_that_was_added_is_left_out_and_taken_back_like_any_other(
    house: Services, signed_in: SignIn
) -> None:
    manager = signed_in("manager")
    campaign_id = created(manager, REQUEST)
    which, name = another(house, campaign_id)
    everybody = outside_and_in(house, campaign_id)
    at = f"/campaigns/{campaign_id}/customers"
    whose = {"customer_id": which, "name": name}

    def inside() -> bool:
        members = house.drafts.audience(CampaignId(campaign_id))[0].members
        return which in {m.customer_id for m in members}

    for form, is_in in (
        ({"include": "1", "added": "1"}, True),
        ({}, False),
        ({"include": "1"}, True),
    ):
        manager.post(at, data=whose | form)
        assert inside() is is_in
        assert outside_and_in(house, campaign_id) == everybody


def test_taking_back_in_widens_nothing_when_the_filters_change(
    house: Services, signed_in: SignIn
) -> None:
    manager = signed_in("manager")
    campaign_id = created(manager, REQUEST)
    one = house.drafts.audience(CampaignId(campaign_id))[0].members[0]
    at = f"/campaigns/{campaign_id}/customers"
    for include in ("", "1"):
        manager.post(at, data={"customer_id": one.customer_id, "include": include})
    filters = {"attribute": "city", "set": "1", "value": "Tokyo"}
    manager.post(f"/campaigns/{campaign_id}/filters", data=filters)
    members = house.drafts.audience(CampaignId(campaign_id))[0].members
    assert one.customer_id not in {m.customer_id for m in members}


def test_adding_voids_what_was_submitted_and_needs_a_customer_of_the_book(
    house: Services, signed_in: SignIn
) -> None:
    manager = signed_in("manager")
    campaign_id = submitted(manager, REQUEST)
    which, name = another(house, campaign_id)
    at = f"/campaigns/{campaign_id}/customers"
    form = {"name": name, "include": "1", "added": "1"}
    assert manager.post(at, data=form | {"customer_id": "nobody-there"}).status_code == 404
    assert house.drafts.get(CampaignId(campaign_id)).status is CampaignStatus.IN_REVIEW
    assert signed_in("viewer").post(at, data=form | {"customer_id": which}).status_code == 403
    manager.post(at, data=form | {"customer_id": which})
    assert house.drafts.get(CampaignId(campaign_id)).status is CampaignStatus.DRAFT


def test_nobody_is_added_while_the_request_is_not_understood(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    campaign_id = created(manager, "Send something to the blorb hotels")
    assert "Customer to add" not in manager.get(f"/campaigns/{campaign_id}/edit").text
