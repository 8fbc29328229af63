"""Reviews over HTTP: both voices, pairs without names, newest first."""

from typing import Any

import httpx
import pytest

from naraigoto.models.base import new_id
from naraigoto.models.reviews import ChildReview
from tests.conftest import Committed
from tests.factories import Booked, make_booked, make_review

_REVIEW = {
    "edited_at",
    "helpful_count",
    "id",
    "kind",
    "rating",
    "comment",
    "target_type",
    "target_id",
    "author_label",
    "created_at",
    "reply",
}


@pytest.fixture
async def family(committed: Committed) -> Booked:
    """A family of which both have written."""
    async with committed() as session:
        booked = await make_booked(session)
        await make_review(session, booked, rating=4)
        await make_review(session, booked, ChildReview, rating=5)
    return booked


async def _items(client: httpx.AsyncClient, booked: Booked, **params: Any) -> list[dict[str, Any]]:
    answer = await client.get(f"/api/v1/schools/{booked.school.id}/reviews", params=params)
    assert answer.status_code == 200, answer.text
    for secret in (booked.guardian, booked.child, booked.family, booked.booking):
        assert str(secret.id) not in answer.text
    return answer.json()["items"]


async def test_both_voices_have_the_promised_fields(family: Booked, client: httpx.AsyncClient) -> None:
    items = await _items(client, family)
    assert all(set(item) == _REVIEW for item in items)
    assert {(item["kind"], item["rating"], item["author_label"]) for item in items} == {
        ("parent", 4, "小1の子の保護者"),
        ("child", 5, "小1の子"),
    }
    assert {item["target_id"] for item in items} == {str(family.school.id)}


async def test_one_kind_is_asked_for(family: Booked, client: httpx.AsyncClient) -> None:
    for kind in ("parent", "child"):
        assert [item["kind"] for item in await _items(client, family, kind=kind)] == [kind]


async def test_a_family_is_paired_without_a_name(family: Booked, client: httpx.AsyncClient) -> None:
    (pair,) = await _items(client, family, kind="family")
    assert pair["author_label"] == "小1の子と保護者"
    assert (pair["parent"]["rating"], pair["child"]["rating"]) == (4, 5)
    assert set(pair["parent"]) == set(pair["child"]) == _REVIEW


async def test_an_unknown_kind_or_school_is_refused(family: Booked, client: httpx.AsyncClient) -> None:
    path = f"/api/v1/schools/{family.school.id}/reviews"
    answer = await client.get(path, params={"kind": "teacher"})
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"kind"})
    assert (await client.get(path, params={"cursor": "x"})).status_code == 422
    assert (await client.get(f"/api/v1/schools/{new_id()}/reviews")).status_code == 404
