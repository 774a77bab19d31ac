"""Two texts tried on one audience, from the composer to the campaign's page."""

from tests.web.conftest import SignIn
from tests.web.houses import approved, created, notice_after, text_of


def test_two_tones_are_tried_and_taken_back(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    at = f"/campaigns/{created(manager)}"
    answer = manager.post(f"{at}/variants", data={"first": "formal", "second": "warm"})
    assert "half warm" in notice_after(manager, answer.headers["location"])
    assert "Tried against each other: Formal, Warm" in text_of(manager.get(f"{at}/edit").text)
    manager.post(f"{at}/variants/remove")
    assert "Tried against each other" not in text_of(manager.get(f"{at}/edit").text)


def test_the_same_tone_twice_is_no_trial(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    at = f"/campaigns/{created(manager)}"
    answer = manager.post(f"{at}/variants", data={"first": "warm", "second": "warm"})
    assert "two different tones" in notice_after(manager, answer.headers["location"])
    assert signed_in("viewer").post(f"{at}/variants", data={}).status_code in (403, 422)


def test_an_approved_campaign_shows_its_texts_side_by_side(signed_in: SignIn) -> None:
    manager = signed_in("manager")
    campaign_id = created(manager)
    manager.post(f"/campaigns/{campaign_id}/variants", data={"first": "formal", "second": "casual"})
    manager.post(f"/campaigns/{campaign_id}/submit", data={"note": ""})
    page = text_of(manager.get(f"/campaigns/{campaign_id}").text)
    assert "Texts tried against each other" in page
    assert "Casual" in page
    plain = approved(manager, signed_in("approver"))
    assert "Texts tried" not in text_of(manager.get(f"/campaigns/{plain}").text)
