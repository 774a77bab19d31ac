"""A campaign that is over, or never was, can be taken off the list and put back; no other can."""

import re

from tests.web.conftest import SignIn
from tests.web.houses import created, notice_after, submitted, text_of

from campaigns.bootstrap import Services
from campaigns.model.ids import CampaignId


def rows(page: str) -> set[str]:
    return set(re.findall(r'<tr class="link" id="row-(c_\w+)"', page))


def counted(page: str, tab: str) -> int:
    found = re.search(rf"{tab} (\d+)", text_of(page))
    return int(found[1]) if found else 0


def test_an_archived_campaign_leaves_the_list_and_its_counts_and_comes_back(
    house: Services, signed_in: SignIn
) -> None:
    manager = signed_in("manager")
    campaign_id = created(manager)
    before = manager.get("/campaigns").text
    assert campaign_id in rows(before)
    assert f'action="/campaigns/{campaign_id}/archive"' in before
    told = manager.post(f"/campaigns/{campaign_id}/archive", data={"away": "1"})
    assert "is archived" in notice_after(manager, told.headers["location"])
    after = manager.get("/campaigns").text
    assert campaign_id not in rows(after)
    assert counted(after, "All") == counted(before, "All") - 1
    assert counted(after, "Archived") == counted(before, "Archived") + 1
    away = manager.get("/campaigns?status=archived").text
    assert campaign_id in rows(away)
    assert "Put back on the list" in text_of(away)
    assert manager.get(f"/campaigns/{campaign_id}/edit").status_code == 200
    assert "archived it" in text_of(manager.get(f"/audit?subject=campaign:{campaign_id}").text)
    manager.post(f"/campaigns/{campaign_id}/archive", data={"away": ""})
    assert campaign_id in rows(manager.get("/campaigns").text)


def test_what_is_under_way_cannot_be_archived(house: Services, signed_in: SignIn) -> None:
    manager = signed_in("manager")
    campaign_id = submitted(manager)
    at = f"/campaigns/{campaign_id}/archive"
    assert f'action="{at}"' not in manager.get("/campaigns").text
    assert manager.post(at, data={"away": "1"}).status_code == 409
    assert signed_in("viewer").post(at, data={"away": "1"}).status_code == 403
    assert not house.drafts.get(CampaignId(campaign_id)).archived


def test_an_archived_draft_that_is_submitted_or_changed_is_on_the_list_again(
    house: Services, signed_in: SignIn
) -> None:
    manager = signed_in("manager")
    for way, form in (("submit", {"note": ""}), ("plan", {"tone": "formal"})):
        campaign_id = created(manager)
        manager.post(f"/campaigns/{campaign_id}/archive", data={"away": "1"})
        assert house.drafts.get(CampaignId(campaign_id)).archived
        manager.post(f"/campaigns/{campaign_id}/{way}", data=form)
        assert not house.drafts.get(CampaignId(campaign_id)).archived
