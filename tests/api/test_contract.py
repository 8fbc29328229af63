"""The promises of contract.md §5 on the wire: fields, types, headers, pages; and that OpenAPI tells them."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from naraigoto import clock
from naraigoto.models.reviews import ChildReview
from naraigoto.naraigoto import fastapi_app
from tests import factories as make
from tests.authz.world import Persona, World, build
from tests.conftest import Committed

UUID_V7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_THE_SAME_FOR_ALL = {"/areas", "/categories", "/schools", "/schools/count", "/schools/suggest", "/classes"}
_SCHOOL = (
    "id name area category summary image_url location distance_m rating_parent rating_child review_count"
)
_CLASS = "id title school capacity duration_min ticket_cost instructor_choice schedules"
_BOOKING = "id status child schedule instructor_id consumed_tickets cancel_until conversation_id created_at"
_REVIEW = "id kind rating comment target_type target_id author_label created_at reply"

# Address, who asks, where the thing lies in the answer, and the fields it must at least have.
PROMISED: list[tuple[str, Persona, str, str]] = [
    ("/areas", Persona.ANONYMOUS, "items.0", "code name"),
    ("/categories", Persona.ANONYMOUS, "items.0", "code name"),
    ("/schools", Persona.ANONYMOUS, "items.0", f"{_SCHOOL} like_count next_lesson_at"),
    ("/schools", Persona.ANONYMOUS, "items.0.location", "lat lng"),
    ("/schools", Persona.ANONYMOUS, "items.0.area", "code name"),
    ("/schools", Persona.ANONYMOUS, "items.0.category", "code name"),
    ("/schools", Persona.ANONYMOUS, "items.0", "tickets_from safety_badge reasons"),
    ("/schools/count?q=水泳", Persona.ANONYMOUS, "", "count capped"),
    ("/schools/suggest?q=スマ", Persona.ANONYMOUS, "items.0", "kind id text detail location"),
    ("/schools/{school}", Persona.ANONYMOUS, "", "id name area category instructors classes stats"),
    ("/schools/{school}", Persona.ANONYMOUS, "instructors.0", "id name"),
    ("/schools/{school}", Persona.ANONYMOUS, "classes.0", "id title"),
    ("/instructors/{instructor}", Persona.ANONYMOUS, "", "id name school classes stats"),
    ("/instructors/{instructor}", Persona.ANONYMOUS, "school", "id name"),
    ("/classes?school_id={school}", Persona.ANONYMOUS, "items.0", _CLASS),
    ("/classes?school_id={school}", Persona.ANONYMOUS, "items.0.school", "id name"),
    (
        "/classes?school_id={school}",
        Persona.ANONYMOUS,
        "items.0.schedules.0",
        "id start_at end_at instructor seats_left",
    ),
    ("/schools/{reviewed}/reviews", Persona.ANONYMOUS, "items.0", _REVIEW),
    ("/schools/{reviewed}/reviews?kind=parent", Persona.ANONYMOUS, "items.0", _REVIEW),
    ("/schools/{reviewed}/reviews?kind=child", Persona.ANONYMOUS, "items.0", _REVIEW),
    ("/schools/{reviewed}/reviews?kind=family", Persona.ANONYMOUS, "items.0.parent", _REVIEW),
    ("/schools/{reviewed}/reviews?kind=family", Persona.ANONYMOUS, "items.0.child", _REVIEW),
    ("/plans", Persona.ANONYMOUS, "items.0", "id name tickets_per_month amount currency"),
    ("/me/subscription", Persona.GUARDIAN, "", "plan status renews_on ends_on cancel_scheduled banners"),
    ("/me/payments", Persona.GUARDIAN, "", "items next_cursor"),
    ("/me", Persona.GUARDIAN, "", "id type name email family_id school_ids"),
    ("/families/{family}", Persona.GUARDIAN, "", "id name family_code members"),
    ("/families/{family}", Persona.GUARDIAN, "members.0", "user_id type name"),
    ("/families/{family}", Persona.CHILD, "members.1", "user_id type name"),
    ("/families/{family}/invitations", Persona.GUARDIAN, "", "items next_cursor"),
    ("/me/bookings", Persona.GUARDIAN, "items.0", _BOOKING),
    ("/me/bookings", Persona.GUARDIAN, "items.0.child", "user_id name"),
    ("/me/bookings", Persona.CHILD, "items.0.schedule", "id start_at end_at class school instructor"),
    ("/bookings/{booking}", Persona.GUARDIAN, "", _BOOKING),
    ("/bookings/{booking}", Persona.GUARDIAN, "schedule.class", "id title"),
    ("/bookings/{booking}", Persona.GUARDIAN, "schedule.school", "id name"),
    ("/me/tickets", Persona.GUARDIAN, "", "month balance months entries"),
    ("/me/tickets", Persona.GUARDIAN, "months.0", "month balance expires_on"),
    ("/me/tickets", Persona.GUARDIAN, "entries.0", "at delta reason booking_id"),
    ("/schools/{school}/bookings", Persona.SCHOOL_MEMBER, "", "items next_cursor"),
]


@pytest.fixture
async def world(committed: Committed) -> World:
    """The people of the authorisation matrix, and a school with the reviews of one family."""
    async with committed() as session:
        world = await build(session)
        booked = await make.make_booked(session)
        await make.make_review(session, booked, rating=5)
        await make.make_review(session, booked, ChildReview, rating=4)
        world.ids["reviewed"] = booked.school.id
    return world


async def test_every_answer_has_the_promised_fields_ids_and_times(
    client: httpx.AsyncClient, world: World
) -> None:
    for path, persona, place, fields in PROMISED:
        address = f"/api/v1{path.format_map(world)}"
        answer = await client.get(address, headers={"Cookie": world.cookie(persona)})
        assert answer.status_code == 200, (path, answer.text)
        assert answer.headers["content-type"] == "application/json"
        shared = path.partition("?")[0] in _THE_SAME_FOR_ALL
        assert answer.headers["cache-control"] == ("public, no-cache" if shared else "no-store"), path
        assert ("etag" in answer.headers) == shared
        found = _at(answer.json(), place)
        assert set(fields.split()) <= set(found), (path, place, sorted(found))
        for name, value in _leaves(answer.json()):
            if path == "/plans":  # their ids are words (contract.md §3)
                continue
            if value is not None and (name == "id" or name.endswith("_id")):
                assert UUID_V7.fullmatch(value), (path, name, value)
            if value is not None and (name.endswith("_at") or name in {"at", "cancel_until"}):
                assert datetime.fromisoformat(value).utcoffset() == clock.jst(clock.now()).utcoffset(), name


@pytest.mark.parametrize("path", ["/schools", "/classes", "/me/bookings"])
async def test_lists_are_walked_without_gaps_or_repeats(
    client: httpx.AsyncClient, world: World, committed: Committed, path: str
) -> None:
    async with committed() as session:
        for number in range(22):
            school = await make.make_school(session, name=f"教室{number}")
            await make.make_class(session, school)
    headers = {"Cookie": world.cookie(Persona.GUARDIAN)}
    first = (await client.get(f"/api/v1{path}", headers=headers)).json()
    assert len(first["items"]) <= 20
    assert (first["next_cursor"] is not None) == (path != "/me/bookings")
    every = (await client.get(f"/api/v1{path}?limit=50", headers=headers)).json()
    assert every["next_cursor"] is None
    seen, cursor = list[str](), ""
    for _ in range(30):
        page = (await client.get(f"/api/v1{path}?limit=1{cursor}", headers=headers)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [item["id"] for item in every["items"]]
    assert len(set(seen)) == len(seen)
    for limit in ("0", "51", "x"):
        refused = await client.get(f"/api/v1{path}?limit={limit}", headers=headers)
        assert (refused.status_code, set(refused.json()["errors"])) == (422, {"limit"})


async def test_openapi_tells_every_refusal_as_a_problem() -> None:
    told = fastapi_app.openapi()
    assert told["openapi"].startswith("3.1")
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            statuses = set(operation["responses"])
            assert statuses & {"200", "201", "202", "204"}, (method, path)
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert set(answer["content"]) == {"application/problem+json"}, (method, path, status)


async def test_openapi_and_its_page_need_nobody_else(client: httpx.AsyncClient) -> None:
    told = (await client.get("/api/v1/openapi.json")).json()
    references = set(re.findall(r"#/components/schemas/([^\"']+)", str(told)))
    assert references <= set(told["components"]["schemas"])
    page = (await client.get("/api/v1/docs")).text
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)
    for address in addresses:
        if address.startswith("/api/"):
            assert (await client.get(address)).status_code == 200


def _at(body: Any, place: str) -> Any:
    for step in filter(None, place.split(".")):
        body = body[int(step)] if step.isdigit() else body[step]
    return body


def _leaves(body: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(body, dict):
        for key, value in body.items():
            yield from _leaves(value, key)
    elif isinstance(body, list):
        for value in body:
            yield from _leaves(value, name)
    else:
        yield name, body
