"""Reviews, replies, reports, decisions and points over HTTP (contract.md §5)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from naraigoto import clock
from naraigoto.models.accounts import UserType
from tests import factories as make
from tests.conftest import Committed
from tests.services.review_scene import WORDS, Scene, attended


@dataclass(frozen=True)
class Table:
    """A lesson of yesterday in the real past, and the cookies of everybody."""

    scene: Scene
    client: httpx.AsyncClient
    cookies: dict[str, dict[str, str]]

    @property
    def body(self) -> dict[str, Any]:
        """A review of the school."""
        booked = self.scene.booked
        ids = {"booking_id": str(booked.booking.id), "target_id": str(booked.school.id)}
        return ids | {"target_type": "school", "rating": 4, "comment": WORDS}

    async def ask(self, method: str, path: str, who: str, body: Any = None) -> httpx.Response:
        """Below /api/v1, as one of the people."""
        return await self.client.request(
            method, f"/api/v1{path}", json=body, headers=self.cookies.get(who, {})
        )


@pytest.fixture
async def table(client: httpx.AsyncClient, committed: Committed) -> Table:
    async with committed() as session:
        scene = await attended(session, at=clock.now() - timedelta(days=1))
        other = await make.make_booked(session, school=scene.booked.school)
        admin = await make.make_user(session, UserType.ADMIN)
        people = {
            "guardian": scene.booked.guardian,
            "child": scene.booked.child,
            "owner": scene.booked.owner,
            "other": other.guardian,
            "admin": admin,
        }
        cookies = {name: await make.cookie_of(session, user) for name, user in people.items()}
    return Table(scene, client, cookies)


async def test_j4_in_the_api_a_report_hides_and_the_admin_decides(table: Table) -> None:
    posted = await table.ask("POST", "/reviews/parent", "guardian", table.body)
    assert posted.status_code == 201
    said = posted.json()
    assert {"id", "kind", "rating", "comment", "target_type", "target_id", "author_label"} < set(said)
    assert (said["status"], said["points"], said["reply"]) == ("published", 50, None)
    again = await table.ask("POST", "/reviews/parent", "guardian", table.body)
    assert (again.status_code, again.json()["code"]) == (409, "review_exists")
    assert "あと48時間" in again.json()["detail"]
    points = (await table.ask("GET", "/me/points", "guardian")).json()
    assert (points["balance"], points["entries"][0]["delta"]) == (50, 50)
    path = f"/reviews/parent/{said['id']}"
    reported = await table.ask("POST", f"{path}/reports", "other", {"reason": "personal_data"})
    assert (reported.status_code, reported.json()["hidden"]) == (201, True)
    public = f"/schools/{table.scene.booked.school.id}/reviews"
    assert (await table.ask("GET", public, "")).json()["items"] == []
    (case,) = (await table.ask("GET", "/admin/reports", "admin")).json()["items"]
    resolved = await table.ask(
        "POST",
        f"/admin/reports/{case['id']}/resolve",
        "admin",
        {"action": "dismiss", "note": "問題ありません"},
    )
    assert (resolved.status_code, resolved.json()["status"]) == (200, "published")
    reply = await table.ask("POST", f"{path}/reply", "owner", {"body": "ありがとうございます。"})
    assert reply.status_code == 201
    late = await table.ask("PATCH", path, "guardian", {"rating": 1})
    assert (late.status_code, late.json()["code"]) == (409, "review_window_closed")
    (shown,) = (await table.ask("GET", f"{public}?sort=helpful&age=lower", "")).json()["items"]
    assert shown["reply"]["body"] == "ありがとうございます。"
    assert table.scene.booked.guardian.name not in str(shown)
    assert (await table.ask("DELETE", path, "guardian")).status_code == 204
    assert (await table.ask("GET", "/me/points", "guardian")).json()["balance"] == 0


async def test_a_decision_about_words_that_were_rewritten_is_refused(table: Table) -> None:
    held = table.body | {"comment": "くわしくは example.com を見てください。"}
    said = (await table.ask("POST", "/reviews/parent", "guardian", held)).json()
    (case,) = (await table.ask("GET", "/admin/reports", "admin")).json()["items"]
    worse = {"comment": "連絡先は090-1234-5678です。"}
    assert (await table.ask("PATCH", f"/reviews/parent/{said['id']}", "guardian", worse)).status_code == 200
    path, body = f"/admin/reports/{case['id']}/resolve", {"action": "dismiss", "note": "問題ありません"}
    refused = await table.ask("POST", path, "admin", body | {"version": case["version"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "stale_edit")
    assert (await table.ask("POST", path, "admin", body)).json()["status"] == "published"


@pytest.mark.parametrize(
    "change",
    [
        {"rating": 0},
        {"rating": 6},
        {"rating": 3.5},
        {"rating": "4"},
        {"comment": "あ" * 2001},
        {"comment": " \u3000 "},
        {"comment": "<script>alert(1)</script>ありがとう"},
        {"target_type": "class"},
        {"target_id": "00000000-0000-7000-8000-000000000000"},
        {"image_keys": ["uploads/x/y.png"]},
        {"more": 1},
    ],
)
async def test_strange_input_is_refused_in_japanese(table: Table, change: dict[str, Any]) -> None:
    answer = await table.ask("POST", "/reviews/parent", "guardian", table.body | change)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert answer.json()["errors"]


async def test_outsiders_are_refused(table: Table) -> None:
    for who, status in (("", 401), ("child", 403), ("other", 404), ("owner", 403), ("admin", 403)):
        answer = await table.ask("POST", "/reviews/parent", who, table.body)
        assert answer.status_code == status, who
    childs = table.body | {"comment": ""}
    assert (await table.ask("POST", "/reviews/child", "child", childs)).status_code == 201
    pair = await table.ask("POST", "/reviews/parent", "guardian", table.body)
    assert pair.status_code == 201
    school = table.scene.booked.school.id
    (both,) = (await table.ask("GET", f"/schools/{school}/reviews?kind=family", "")).json()["items"]
    assert (both["kind"], both["gap"], both["parent"]["id"]) == ("family", 0, pair.json()["id"])


async def test_a_guardian_appeals_for_the_child_and_the_school_lifts_no_review(table: Table) -> None:
    said = (await table.ask("POST", "/reviews/child", "child", table.body | {"comment": ""})).json()
    path = f"/reviews/child/{said['id']}"
    vote = await table.ask("POST", f"{path}/helpful", "owner")
    assert (vote.status_code, vote.json()["code"]) == (403, "forbidden")
    assert "ご自身の教室" in vote.json()["detail"]
    assert (await table.ask("POST", f"{path}/helpful", "other")).json() == {"helpful_count": 1}
    await table.ask("POST", f"{path}/reports", "other", {"reason": "other"})
    (case,) = (await table.ask("GET", "/admin/reports", "admin")).json()["items"]
    resolved = {"action": "hide", "note": "お名前がありました"}
    await table.ask("POST", f"/admin/reports/{case['id']}/resolve", "admin", resolved)
    words = {"body": "名前ではありません"}
    for who, status in (("", 401), ("other", 404), ("owner", 403), ("guardian", 204), ("child", 409)):
        assert (await table.ask("POST", f"{path}/appeal", who, words)).status_code == status, who
    (case,) = (await table.ask("GET", "/admin/reports", "admin")).json()["items"]
    assert case["appeal"]["body"] == words["body"]
