"""Signing in at an identity provider: over real HTTP, with everything that can be wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient
from tests.support.oidc_provider import CLIENT, SECRET, Fault, Provider, oidc_provider
from tests.web.houses import PASSWORD, chosen, email_of, populate, text_of

from campaigns import settings
from campaigns.app import create_app
from campaigns.bootstrap import Services, opened
from campaigns.model.errors import SettingInvalid
from campaigns.model.people import PersonRole

HERE = "http://testserver"
MANAGER = {"sub": "42", "email": email_of("manager"), "email_verified": True, "name": "Ploy K."}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with oidc_provider() as running:
        yield running


@contextmanager
def house(folder: Path, provider: Provider, **more: object) -> Iterator[Services]:
    given: dict[str, object] = {
        "campaigns_public_url": HERE,
        "campaigns_oidc_issuer": provider.url,
        "campaigns_oidc_client_id": CLIENT,
        "campaigns_oidc_client_secret": SECRET,
        "campaigns_oidc_name": "Agency ID",
    }
    with opened(chosen(folder, **(given | more)), in_memory=True) as services:
        populate(services)
        yield services


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[Services]:
    with house(tmp_path_factory.mktemp("house"), provider) as services:
        yield services


@pytest.fixture
def client(shared: Services, provider: Provider) -> Iterator[TestClient]:
    """A fresh browser; the provider is well and knows the manager."""
    provider.fault, provider.who = None, dict(MANAGER)
    with TestClient(create_app(shared), follow_redirects=False) as made:
        yield made


def answered(client: TestClient, start: str = "/login/oidc") -> str:
    """Go to the provider and return the address it sends the browser back to."""
    door = client.get(start)
    assert door.status_code == 303, text_of(door.text)
    back = httpx2.get(door.headers["location"]).headers["location"]
    assert back.startswith(f"{HERE}/login/oidc/callback?")
    return str(back.removeprefix(HERE))


def come_in(client: TestClient, start: str = "/login/oidc") -> httpx2.Response:
    return client.get(answered(client, start))


def test_the_button_leads_through_the_provider_to_where_one_wanted_to_go(
    client: TestClient,
) -> None:
    page = client.get("/login?next=/inbox").text
    assert "Sign in with Agency ID" in text_of(page)
    inside = come_in(client, "/login/oidc?next=/inbox")
    assert inside.headers["location"] == "/inbox"
    assert "Ploy K." in client.get("/inbox").text


def test_signing_in_again_is_the_same_person_whatever_their_address_is_now(
    client: TestClient, provider: Provider, shared: Services
) -> None:
    come_in(client)
    before = len(shared.people.all())
    provider.who["email"] = "ploy.married@agency.example"
    come_in(client)
    assert "Ploy K." in client.get("/campaigns").text
    assert len(shared.people.all()) == before


def test_another_identity_cannot_take_over_a_linked_account(
    client: TestClient, provider: Provider
) -> None:
    come_in(client)
    provider.who["sub"] = "43"
    stranger = TestClient(client.app, follow_redirects=False)
    answer = come_in(stranger)
    assert answer.status_code == 403
    assert "belongs to another identity" in text_of(answer.text)


def test_somebody_nobody_invited_is_refused_by_name(client: TestClient, provider: Provider) -> None:
    provider.who |= {"sub": "7", "email": "eve@agency.example"}
    answer = come_in(client)
    assert answer.status_code == 403
    assert "Nobody was invited as eve@agency.example" in text_of(answer.text)
    assert "campaigns_session" not in client.cookies


@pytest.mark.parametrize("verified", [False, None, "false", 1])
def test_an_address_the_provider_did_not_verify_links_nobody(
    client: TestClient, provider: Provider, verified: object
) -> None:
    provider.who["email_verified"] = verified
    answer = come_in(client)
    assert answer.status_code == 403
    assert "has not verified that manager@agency.example is yours" in text_of(answer.text)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault.WRONG_NONCE, "cannot be trusted (wrong nonce)"),
        (Fault.WRONG_AUDIENCE, "cannot be trusted (wrong aud)"),
        (Fault.WRONG_ISSUER, "cannot be trusted (wrong iss)"),
        (Fault.EXPIRED, "has expired already"),
        (Fault.FOREIGN_KEY, "cannot be trusted (bad_signature)"),
        (Fault.UNSIGNED, "cannot be trusted"),
        (Fault.SHARED_SECRET, "cannot be trusted"),
        (Fault.DENIES, "did not let you through"),
        (Fault.REFUSES_CODE, "did not confirm the sign-in (invalid_grant)"),
        (Fault.OTHER_USERINFO, "did not tell your e-mail address"),
    ],
)
def test_an_answer_that_is_not_right_signs_nobody_in_and_says_why(
    client: TestClient, provider: Provider, fault: Fault, said: str
) -> None:
    provider.fault = fault
    answer = come_in(client)
    assert answer.status_code == 403
    assert said in text_of(answer.text)
    assert "campaigns_session" not in client.cookies
    assert client.get("/campaigns").status_code == 303


def test_an_address_that_only_userinfo_tells_is_enough(
    client: TestClient, provider: Provider
) -> None:
    provider.fault = Fault.LEAN_TOKEN
    assert come_in(client).status_code == 303


def test_keys_the_provider_changed_to_are_fetched(client: TestClient, provider: Provider) -> None:
    come_in(client)
    provider.change_key()
    assert come_in(client).status_code == 303


def test_a_way_back_that_another_browser_began_is_refused(client: TestClient) -> None:
    back = answered(client)
    victim = TestClient(client.app, follow_redirects=False)
    answer = victim.get(back)
    assert answer.status_code == 403
    assert "begun in another window" in text_of(answer.text)
    assert client.get(back + "x").status_code == 403  # another state


def test_an_answer_is_used_once(client: TestClient) -> None:
    back = answered(client)
    cookie = client.cookies["campaigns_handshake"]
    assert client.get(back).status_code == 303
    client.cookies.set("campaigns_handshake", cookie)
    assert client.get(back).status_code == 403


@pytest.mark.parametrize("cookie", ["x", "e30.x", "."])
def test_a_forged_attempt_is_no_attempt(client: TestClient, cookie: str) -> None:
    client.cookies.set("campaigns_handshake", cookie)
    assert client.get("/login/oidc/callback?code=a&state=b").status_code == 403


def test_the_way_back_after_signing_in_is_never_another_site(client: TestClient) -> None:
    inside = come_in(client, "/login/oidc?next=//evil.example")
    assert inside.headers["location"] == "/"


def test_signing_out_offers_the_way_out_at_the_provider(
    client: TestClient, provider: Provider
) -> None:
    come_in(client)
    door = client.post("/logout").headers["location"]
    page = client.get(door).text
    assert "You are signed out here" in text_of(page)
    assert f"{provider.url}/logout?client_id={CLIENT}" in page
    assert client.get("/campaigns").status_code == 303


def test_a_provider_that_is_down_leaves_the_password(tmp_path: Path, provider: Provider) -> None:
    provider.fault = Fault.DOWN
    with house(tmp_path, provider) as services:
        client = TestClient(create_app(services), follow_redirects=False)
        answer = client.get("/login/oidc")
        assert answer.status_code == 403
        assert "Agency ID cannot be reached just now" in text_of(answer.text)
        form = {"email": email_of("manager"), "password": PASSWORD}
        assert client.post("/login", data=form).status_code == 303
        assert services.entrance
        assert "cannot be reached" in (services.entrance.provider.probe() or "")


def test_a_provider_that_calls_itself_otherwise_is_not_used(
    tmp_path: Path, provider: Provider
) -> None:
    provider.fault = Fault.OTHER_NAME
    with house(tmp_path, provider) as services:
        client = TestClient(create_app(services), follow_redirects=False)
        assert "it calls itself https://other.example" in text_of(client.get("/login/oidc").text)


def test_unknown_people_of_our_domains_may_read_where_the_house_says_so(
    tmp_path: Path, provider: Provider
) -> None:
    provider.fault = None
    open_door = {"campaigns_oidc_unknown": "viewer", "campaigns_oidc_domains": "agency.example"}
    with house(tmp_path, provider, **open_door) as services:
        client = TestClient(create_app(services), follow_redirects=False)
        provider.who = MANAGER | {"sub": "8", "email": "dao@elsewhere.example"}
        assert "Only addresses at agency.example" in text_of(come_in(client).text)
        provider.who = MANAGER | {"sub": "9", "email": "dao@agency.example"}
        assert come_in(client).status_code == 303
        dao = services.people.find("dao@agency.example")
        assert dao.role is PersonRole.VIEWER
        assert dao.name == "dao@agency.example"  # somebody is called Ploy K. already
        assert client.get("/campaigns/new").status_code == 403


def test_the_provider_s_groups_decide_roles_where_they_are_mapped(
    tmp_path: Path, provider: Provider
) -> None:
    provider.fault = None
    mapped = {
        "campaigns_oidc_role_claim": "groups",
        "campaigns_oidc_roles": "sales=manager, heads=approver",
    }
    with house(tmp_path, provider, **mapped) as services:
        client = TestClient(create_app(services), follow_redirects=False)

        def role(groups: object, who: str = "manager") -> PersonRole:
            named = {"sub": who, "email": email_of(who)}
            provider.who = MANAGER | named | {"groups": groups}
            assert come_in(client).status_code == 303
            return services.people.find(email_of(who)).role

        assert role(["sales", "heads"]) is PersonRole.APPROVER
        assert role("sales") is PersonRole.MANAGER
        assert role([]) is PersonRole.VIEWER
        # The only admin stays one: nobody else could let anybody in again.
        assert role(["sales"], "admin") is PersonRole.ADMIN


def test_a_closed_account_stays_closed(tmp_path: Path, provider: Provider) -> None:
    provider.fault, provider.who = None, dict(MANAGER)
    with house(tmp_path, provider) as services:
        admin = services.people.find(email_of("admin")).actor
        services.people.deactivate(services.people.find(email_of("manager")).id, admin)
        client = TestClient(create_app(services), follow_redirects=False)
        assert "Your account here is closed" in text_of(come_in(client).text)


def test_without_passwords_the_provider_is_the_only_door(
    tmp_path: Path, provider: Provider
) -> None:
    provider.fault, provider.who = None, dict(MANAGER)
    with house(tmp_path, provider, campaigns_password_sign_in=False) as services:
        client = TestClient(create_app(services), follow_redirects=False)
        assert "Password" not in text_of(client.get("/login").text)
        form = {"email": email_of("manager"), "password": PASSWORD}
        refused = client.post("/login", data=form)
        assert refused.status_code == 403
        assert "Sign in with Agency ID" in text_of(refused.text)
        _, token = services.people.invite("Dao R.", "dao@agency.example", PersonRole.VIEWER)
        assert client.post(f"/welcome/{token}", data={"password": PASSWORD}).status_code == 403
        provider.who |= {"sub": "11", "email": "dao@agency.example"}
        assert come_in(client).status_code == 303
        assert "Dao R." in client.get("/campaigns").text


def test_the_first_account_needs_no_password_where_there_are_none(
    tmp_path: Path, provider: Provider
) -> None:
    provider.fault, provider.who = None, MANAGER | {"email": "nok@agency.example"}
    chosen_here = chosen(
        tmp_path,
        campaigns_public_url=HERE,
        campaigns_oidc_issuer=provider.url,
        campaigns_oidc_client_id=CLIENT,
        campaigns_oidc_client_secret=SECRET,
        campaigns_password_sign_in=False,
    )
    with opened(chosen_here, in_memory=True) as services:
        token = services.people.setup_token()
        client = TestClient(create_app(services), follow_redirects=False)
        assert "password" not in client.get(f"/setup?token={token}").text.lower()
        form = {"token": token, "name": "Nok P.", "email": "nok@agency.example"}
        assert client.post("/setup", data=form).status_code == 303
        client.post("/logout")
        assert come_in(client).status_code == 303


def test_the_browser_is_sent_to_the_public_address_before_it_leaves(
    tmp_path: Path, provider: Provider
) -> None:
    with house(tmp_path, provider, campaigns_public_url="http://console.example") as services:
        client = TestClient(create_app(services), follow_redirects=False)
        sent = client.get("/login/oidc").headers["location"]
        assert sent == "http://console.example/login/oidc"


def test_without_a_provider_there_is_no_such_door(tmp_path: Path) -> None:
    with opened(chosen(tmp_path), in_memory=True) as services:
        populate(services)
        client = TestClient(create_app(services), follow_redirects=False)
        assert client.get("/login/oidc").status_code == 404
        assert "Sign in with" not in text_of(client.get("/login").text)


def test_the_client_s_secret_may_stand_in_a_file(tmp_path: Path, provider: Provider) -> None:
    provider.fault, provider.who = None, dict(MANAGER)
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n", encoding="utf-8")
    given = {"campaigns_oidc_client_secret": None, "campaigns_oidc_client_secret_file": file}
    with house(tmp_path, provider, **given) as services:
        client = TestClient(create_app(services), follow_redirects=False)
        assert come_in(client).status_code == 303
    given["campaigns_oidc_client_secret_file"] = tmp_path / "nowhere"
    with pytest.raises(SettingInvalid, match="cannot be read"), house(tmp_path, provider, **given):
        pass


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"campaigns_oidc_issuer": "http://id.example"}, "use https"),
        ({"campaigns_oidc_issuer": "https://id.example"}, "set both or neither"),
        ({"campaigns_password_sign_in": False}, "nobody could sign in"),
        ({"campaigns_oidc_unknown": "viewer"}, "CAMPAIGNS_OIDC_DOMAINS"),
        ({"campaigns_oidc_roles": "sales"}, "GROUP=ROLE"),
        ({"campaigns_oidc_roles": "sales=boss"}, "GROUP=ROLE"),
        ({"campaigns_oidc_role_claim": "groups"}, "CAMPAIGNS_OIDC_ROLES"),
    ],
)
def test_a_door_for_nobody_or_everybody_stops_the_start(
    given: dict[str, object], named: str
) -> None:
    with pytest.raises(SettingInvalid, match=named):
        settings.read(**given)


def test_the_people_settings_say_how_people_sign_in_and_check_the_provider(
    client: TestClient, provider: Provider
) -> None:
    form = {"email": email_of("admin"), "password": PASSWORD}
    client.post("/login", data=form)
    page = text_of(client.get("/settings/people").text)
    assert "Agency ID addresses anywhere; only people who are invited here" in page
    checked = client.post("/settings/people/provider/check").headers["location"]
    assert "Agency ID answers" in client.get(checked).text
    provider.fault = Fault.DOWN
    checked = client.post("/settings/people/provider/check").headers["location"]
    assert "Agency ID cannot be reached" in client.get(checked).text
