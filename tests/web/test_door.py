"""The door: nobody gets in without an account, and nobody is sent elsewhere by it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.web.houses import PASSWORD, chosen, email_of, populate, text_of

from campaigns.app import create_app
from campaigns.bootstrap import Services, opened
from campaigns.model.people import PersonRole


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Services]:
    """A house nobody has an account in; nothing is sent from it."""
    with opened(chosen(tmp_path), in_memory=True) as services:
        yield services


@pytest.fixture
def client(empty: Services) -> Iterator[TestClient]:
    with TestClient(create_app(empty), follow_redirects=False) as made:
        yield made


@pytest.fixture(scope="module")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A house where everybody has an account."""
    with opened(chosen(tmp_path_factory.mktemp("house")), in_memory=True) as services:
        populate(services)
        yield services


@pytest.fixture
def peopled(inhabited: Services) -> Iterator[TestClient]:
    """A fresh browser at its door."""
    with TestClient(create_app(inhabited), follow_redirects=False) as made:
        yield made


def sign_in(client: TestClient, **form: str) -> int:
    given = {"email": email_of("manager"), "password": PASSWORD} | form
    return client.post("/login", data=given).status_code


def test_on_an_empty_install_the_door_says_how_the_first_person_gets_in(client: TestClient) -> None:
    page = client.get("/login").text
    assert "set-up link" in text_of(page)
    assert "<form" not in page


def test_the_setup_link_makes_the_first_account_once(empty: Services, client: TestClient) -> None:
    token = empty.people.setup_token()
    assert client.get(f"/setup?token={token}").status_code == 200
    form = {"token": token, "name": "Nok P.", "email": "nok@agency.example", "password": "short"}
    refused = client.post("/setup", data=form)
    assert refused.status_code == 422
    assert 'value="Nok P."' in refused.text
    assert "at least 10 characters" in text_of(refused.text)
    made = client.post("/setup", data=form | {"password": PASSWORD})
    assert made.headers["location"] == "/campaigns/new"
    assert client.get("/campaigns/new").status_code == 200
    again = TestClient(client.app, follow_redirects=False)
    assert again.get(f"/setup?token={token}").status_code == 404
    assert again.post("/setup", data=form | {"password": PASSWORD}).status_code == 409


def test_a_made_up_setup_link_opens_nothing(client: TestClient) -> None:
    assert client.get("/setup?token=guess").status_code == 404
    form = {"token": "guess", "name": "E", "email": "e@agency.example", "password": PASSWORD}
    assert client.post("/setup", data=form).status_code == 404


def test_an_invitation_is_a_page_for_a_password_and_then_it_is_used(
    inhabited: Services, peopled: TestClient
) -> None:
    _, token = inhabited.people.invite("Dao R.", "dao@agency.example", PersonRole.VIEWER)
    page = peopled.get(f"/welcome/{token}")
    assert "Welcome, Dao R." in text_of(page.text)
    assert peopled.post(f"/welcome/{token}", data={"password": "short"}).status_code == 422
    assert peopled.post(f"/welcome/{token}", data={"password": PASSWORD}).status_code == 303
    assert "Dao R." in peopled.get("/campaigns").text
    assert peopled.get(f"/welcome/{token}").status_code == 404
    assert peopled.post(f"/welcome/{token}", data={"password": PASSWORD}).status_code == 404


def test_wrong_password_and_unknown_address_get_the_same_answer(peopled: TestClient) -> None:
    wrong = peopled.post("/login", data={"email": email_of("manager"), "password": "wrong"})
    unknown = peopled.post("/login", data={"email": "nobody@agency.example", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 401
    assert text_of(wrong.text) == text_of(unknown.text)
    assert "do not belong together" in text_of(wrong.text)


def test_after_five_wrong_passwords_the_right_one_waits_too(peopled: TestClient) -> None:
    for _ in range(5):
        sign_in(peopled, email=email_of("viewer"), password="wrong")
    answer = peopled.post("/login", data={"email": email_of("viewer"), "password": PASSWORD})
    assert answer.status_code == 401
    assert "locked for 15 min" in text_of(answer.text)


def test_the_door_leads_back_to_where_one_wanted_to_go(peopled: TestClient) -> None:
    asked = peopled.get("/customers?city=Pattaya&ends=90")
    assert asked.status_code == 303
    door = asked.headers["location"]
    assert door.startswith("/login?next=")
    form = {"email": email_of("manager"), "password": PASSWORD, "next": "/customers?city=Pattaya"}
    assert peopled.post("/login", data=form).headers["location"] == "/customers?city=Pattaya"


@pytest.mark.parametrize("evil", ["https://evil.example", "//evil.example", "/\\evil.example", ""])
def test_the_door_never_leads_to_another_site(peopled: TestClient, evil: str) -> None:
    form = {"email": email_of("manager"), "password": PASSWORD, "next": evil}
    assert peopled.post("/login", data=form).headers["location"] in ("/", "/campaigns")


def test_an_ended_session_says_so_and_keeps_the_way_back(peopled: TestClient) -> None:
    peopled.cookies.set("campaigns_session", "x" * 43)
    away = peopled.get("/inbox").headers["location"]
    assert "expired=1" in away
    assert "You were signed out. Your draft is saved." in text_of(peopled.get(away).text)


def test_signing_out_closes_the_door(peopled: TestClient) -> None:
    sign_in(peopled)
    token = peopled.cookies["campaigns_session"]
    assert peopled.get("/").headers["location"] == "/campaigns"
    assert peopled.post("/logout").headers["location"] == "/login"
    peopled.cookies.set("campaigns_session", token)
    assert peopled.get("/campaigns").status_code == 303
    assert peopled.get("/").headers["location"] == "/login"


def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(
    peopled: TestClient,
) -> None:
    answer = peopled.post("/login", data={"email": email_of("manager"), "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie  # the house is reached by http here


def test_behind_https_the_cookie_is_secure(tmp_path: Path) -> None:
    safe = chosen(tmp_path, campaigns_public_url="https://campaigns.example")
    with opened(safe, in_memory=True) as services:
        populate(services)
        with TestClient(create_app(services), follow_redirects=False) as client:
            form = {"email": email_of("manager"), "password": PASSWORD}
            assert "Secure" in client.post("/login", data=form).headers["set-cookie"]


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "null"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, False),
        ({"Origin": "http://testserver"}, False),
        ({}, False),
    ],
)
def test_posts_from_other_sites_are_refused(
    peopled: TestClient, headers: dict[str, str], refused: bool
) -> None:
    sign_in(peopled)
    answer = peopled.post("/account/theme", data={"theme": "dark"}, headers=headers)
    assert (answer.status_code == 403) is refused
    assert ("campaigns_theme" in answer.headers.get("set-cookie", "")) is not refused


def test_the_appearance_is_kept(peopled: TestClient) -> None:
    sign_in(peopled)
    assert "data-theme" not in peopled.get("/campaigns").text
    peopled.post("/account/theme", data={"theme": "dark", "next": "/campaigns"})
    assert '<html lang="en" data-theme="dark">' in peopled.get("/campaigns").text
    peopled.post("/account/theme", data={"theme": "purple"})
    assert "data-theme" not in peopled.get("/campaigns").text
