"""The composer shows who looked at a message written for one customer, and takes the look."""

from pathlib import Path

from starlette.testclient import TestClient
from tests.support.model_house import REQUEST, messages_of, model_house, survey
from tests.support.model_server import model_server
from tests.web.houses import PASSWORD, email_of, populate

from campaigns.app import create_app


def test_a_message_for_one_customer_is_looked_at_in_the_composer(tmp_path: Path) -> None:
    with model_server(survey) as model, model_house(tmp_path, model) as (services, client):
        made = client.post("/api/campaigns/create", json={"human_request": REQUEST}).json()
        at = f"/campaigns/{made['campaign_id']}"
        first = messages_of(client, made["campaign_id"])[0]
        client.put(f"/api{at}/individual", json={"customers": [first["customer_id"]]})
        populate(services)
        person = TestClient(create_app(services), follow_redirects=False)
        form = {"email": email_of("manager"), "password": PASSWORD}
        assert person.post("/login", data=form).status_code == 303
        where = {
            "customer": first["customer_id"],
            "ch": first["channel"],
            "to": first["contact"]["contact_id"],
        }
        shown = person.get(f"{at}/edit", params=where)
        assert shown.status_code == 200, (shown.status_code, shown.headers)
        page = shown.text
        assert "written for this customer alone, not looked at yet" in page
        looked = f"{at}/messages/{first['message_id']}/reviewed"
        assert looked in page
        seen = person.post(looked, headers={"Origin": "http://testserver"})
        assert seen.status_code == 303
        after = person.get(f"{at}/edit", params=where).text
        assert "looked at by" in after
        assert looked not in after
