"""Families over HTTP: the shapes of contract.md §5, and the journey of two parents and two children."""

from typing import Any

import httpx
import pytest

from naraigoto.models.accounts import User
from naraigoto.services import sessions
from tests.conftest import Committed
from tests.factories import NOW, PASSWORD, cookie_of, give_password, make_child, make_family, make_user

SORA = {"name": "そら", "login_name": "sora", "passcode": "2580", "birth_date": "2018-05-14"}


@pytest.fixture
async def hanako(committed: Committed) -> dict[str, Any]:
    """A guardian without a family: her id and the headers of her browser."""
    async with committed() as session:
        user = await make_user(session, name="山田 花子")
        await give_password(session, user)
        return {"id": str(user.id), "headers": await cookie_of(session, user)}


async def begin(client: httpx.AsyncClient, who: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = await client.post("/api/v1/families", json=body, headers=who["headers"])
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_family_begins_with_its_guardian_and_is_named_after_her(
    client: httpx.AsyncClient, hanako: dict[str, Any]
):
    family = await begin(client, hanako)
    assert set(family) == {"id", "name", "family_code", "owner_user_id", "members"}
    assert (family["name"], family["owner_user_id"]) == ("山田家", hanako["id"])
    (owner,) = family["members"]
    assert (owner["user_id"], owner["type"], owner["name"]) == (hanako["id"], "parent", "山田 花子")
    assert await begin(client, hanako, name="別の家") == family
    me = (await client.get("/api/v1/me", headers=hanako["headers"])).json()
    assert me["family_id"] == family["id"]
    again = await client.get(f"/api/v1/families/{family['id']}", headers=hanako["headers"])
    assert again.json() == family


async def test_a_child_is_added_changed_signs_in_and_is_removed(
    client: httpx.AsyncClient, hanako: dict[str, Any]
):
    family = await begin(client, hanako)
    members = f"/api/v1/families/{family['id']}/members"
    added = await client.post(members, json=SORA, headers=hanako["headers"])
    assert added.status_code == 201, added.text
    child = added.json()
    assert child == {
        "user_id": child["user_id"],
        "type": "child",
        "name": "そら",
        "login_name": "sora",
        "birth_month": "2018-05-01",
        "interests": "",
    }
    signing_in = {"family_code": family["family_code"], "login_name": "sora", "passcode": "2580"}
    assert (await client.post("/api/v1/auth/login", json=signing_in)).json()["user"]["name"] == "そら"
    client.cookies.clear()
    one = f"{members}/{child['user_id']}"
    changed = await client.patch(one, json={"name": "空", "birth_date": "2018-06"}, headers=hanako["headers"])
    assert (changed.status_code, changed.json()["name"], changed.json()["birth_month"]) == (
        200,
        "空",
        "2018-06-01",
    )
    assert (await client.delete(one, headers=hanako["headers"])).status_code == 204
    assert (await client.delete(one, headers=hanako["headers"])).status_code == 404
    assert (await client.post("/api/v1/auth/login", json=signing_in)).status_code == 401


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"name": "入力してください", "login_name": "入力してください", "passcode": "入力してください"}),
        (SORA | {"passcode": "1234"}, {"passcode": "0000や1234、"}),
        (SORA | {"passcode": 2580}, {"passcode": ""}),
        (SORA | {"login_name": "so ra"}, {"login_name": "文字と数字"}),
        (SORA | {"birth_date": "2018-13"}, {"birth_date": ""}),
        (SORA | {"birth_date": "1990-01-01"}, {"birth_date": "0〜18歳"}),
        (SORA | {"name": "\u0000"}, {"name": "入力してください"}),
        (SORA | {"name": "あ" * 41}, {"name": "長すぎます"}),
    ],
    ids=str,
)
async def test_bad_input_is_explained_field_by_field_and_adds_nobody(
    client: httpx.AsyncClient, hanako: dict[str, Any], body: dict[str, Any], errors: dict[str, str]
):
    family = await begin(client, hanako)
    answer = await client.post(
        f"/api/v1/families/{family['id']}/members", json=body, headers=hanako["headers"]
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    told = answer.json()["errors"]
    assert set(told) == set(errors)
    assert all(told[field].startswith(words) for field, words in errors.items())
    assert "2580" not in answer.text
    seen = await client.get(f"/api/v1/families/{family['id']}", headers=hanako["headers"])
    assert len(seen.json()["members"]) == 1


async def test_the_other_parent_joins_by_the_link_once(
    client: httpx.AsyncClient, committed: Committed, hanako: dict[str, Any]
):
    async with committed() as session:
        taro = await cookie_of(session, await make_user(session, name="山田 太郎"))
        jiro = await cookie_of(session, await make_user(session))
    family = await begin(client, hanako)
    invitations = f"/api/v1/families/{family['id']}/invitations"
    made = await client.post(invitations, headers=hanako["headers"])
    assert made.status_code == 201
    assert set(made.json()) == {"id", "url", "expires_at"}
    token = made.json()["url"].rpartition("/join/")[2]
    listed = (await client.get(invitations, headers=hanako["headers"])).json()
    assert [row["id"] for row in listed["items"]] == [made.json()["id"]]
    assert token not in str(listed)
    shown = (await client.get(f"/api/v1/invitations/{token}")).json()
    assert shown == {
        "family_name": "山田家",
        "invited_by": "山田 花子",
        "expires_at": made.json()["expires_at"],
        "joined": False,
    }
    for _ in range(2):
        joined = await client.post("/api/v1/invitations/accept", json={"token": token}, headers=taro)
        assert (joined.status_code, joined.json()) == (200, {"family_id": family["id"]})
    late = await client.post("/api/v1/invitations/accept", json={"token": token}, headers=jiro)
    assert (late.status_code, late.json()["code"]) == (404, "not_found")
    seen = (await client.get(f"/api/v1/families/{family['id']}", headers=taro)).json()
    assert [person["name"] for person in seen["members"]] == ["山田 花子", "山田 太郎"]
    left = await client.post(f"/api/v1/families/{family['id']}/leave", headers=taro)
    assert left.status_code == 204
    assert (await client.get(f"/api/v1/families/{family['id']}", headers=taro)).status_code == 404


async def test_guesses_at_links_are_slowed_down(client: httpx.AsyncClient):
    answers = [(await client.get(f"/api/v1/invitations/guess{n}")).status_code for n in range(11)]
    assert answers == [404] * 10 + [429]
    waiting = await client.get("/api/v1/invitations/guess")
    assert 0 < int(waiting.headers["retry-after"]) <= 901


@pytest.fixture
async def lent(committed: Committed) -> tuple[User, User, dict[str, str]]:
    """花子 with a password, her child, and the headers of her browser."""
    async with committed() as session:
        hanako = await make_user(session)
        await give_password(session, hanako)
        child = await make_child(session, await make_family(session, guardian=hanako))
        return hanako, child, await cookie_of(session, hanako)


async def test_a_browser_turns_into_the_childs_and_back(
    client: httpx.AsyncClient, lent: tuple[User, User, dict[str, str]]
):
    _, child, headers = lent
    turned = await client.post(
        "/api/v1/auth/child-mode", json={"child_user_id": str(child.id)}, headers=headers
    )
    assert (turned.status_code, turned.json()["user"]["type"]) == (200, "child")
    assert turned.headers["cache-control"] == "no-store"
    assert (await client.get("/api/v1/me", headers=headers)).status_code == 401  # the old cookie
    assert (await client.get("/api/v1/me")).json()["id"] == str(child.id)  # the new one, kept by the client
    family = (await client.get("/api/v1/me")).json()["family_id"]
    for method, path, body in (
        ("POST", f"/api/v1/families/{family}/members", SORA),
        ("POST", f"/api/v1/families/{family}/invitations", None),
        ("POST", "/api/v1/auth/child-mode", {"child_user_id": str(child.id)}),
    ):
        answer = await client.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "parent_approval_required")
    wrong = await client.post("/api/v1/auth/child-mode/leave", json={"password": "wrong"})
    assert wrong.status_code == 401
    assert "set-cookie" not in wrong.headers
    back = await client.post("/api/v1/auth/child-mode/leave", json={"password": PASSWORD})
    assert (back.status_code, back.json()["user"]["type"]) == (200, "parent")
    assert (await client.get("/api/v1/me")).json()["type"] == "parent"
    assert (
        await client.post("/api/v1/auth/child-mode/leave", json={"password": PASSWORD})
    ).status_code == 403


async def test_a_token_of_the_guardian_is_not_the_childs(
    client: httpx.AsyncClient, committed: Committed, lent: tuple[User, User, dict[str, str]]
):
    hanako, child, headers = lent
    async with committed() as session:
        actor = await sessions.resolve(session, headers["Cookie"].partition("=")[2], now=NOW)
    assert actor.session_id
    token = sessions.access_token(user_id=hanako.id, session_id=actor.session_id, now=NOW)
    await client.post("/api/v1/auth/child-mode", json={"child_user_id": str(child.id)}, headers=headers)
    answer = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


async def test_the_button_on_the_page_hands_the_browser_over(
    client: httpx.AsyncClient, lent: tuple[User, User, dict[str, str]]
):
    _, child, headers = lent
    foreign = await client.post(
        f"/auth/child-mode/{child.id}", headers=headers | {"Origin": "https://evil.example"}
    )
    assert foreign.status_code == 403
    nobody = await client.post(f"/auth/child-mode/{child.id}")
    assert (nobody.status_code, nobody.headers["location"]) == (303, "/family")
    assert "set-cookie" not in nobody.headers
    done = await client.post(f"/auth/child-mode/{child.id}", headers=headers)
    assert (done.status_code, done.headers["location"]) == (303, "/kids")
    assert (await client.get("/api/v1/me")).json()["id"] == str(child.id)
    again = await client.post(f"/auth/child-mode/{child.id}")
    assert (again.status_code, again.headers["location"]) == (303, "/kids")
    assert "set-cookie" not in again.headers
    assert (await client.get("/api/v1/me")).json()["id"] == str(child.id)
