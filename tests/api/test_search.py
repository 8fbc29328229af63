"""Search over HTTP: the shapes of contract.md §5, and refusals that name their field."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from naraigoto import clock
from naraigoto.models.schools import SchoolStatus
from naraigoto.services import stats
from tests.conftest import Committed
from tests.factories import (
    SHIBUYA,
    cookie_of,
    make_area,
    make_booked,
    make_class,
    make_instructor,
    make_review,
    make_schedule,
    make_school,
    make_user,
)
from tests.terms import make_terms

_ITEM = {
    "id",
    "name",
    "area",
    "category",
    "summary",
    "image_url",
    "location",
    "distance_m",
    "rating_parent",
    "rating_child",
    "review_count",
    "like_count",
    "next_lesson_at",
}


async def _get(client: httpx.AsyncClient, path: str, **params: Any) -> dict[str, Any]:
    answer = await client.get(f"/api/v1{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_areas_and_genres_are_listed(committed: Committed, client: httpx.AsyncClient) -> None:
    async with committed() as session:
        await make_school(session)
    area = next(item for item in (await _get(client, "/areas"))["items"] if item["code"] == "13113")
    assert (area["name"], area["prefecture"]) == ("渋谷区", "東京都")
    genre = next(item for item in (await _get(client, "/categories"))["items"] if item["code"] == "swim")
    assert genre["name"] == "水泳"


async def test_schools_are_found_with_every_promised_field(
    committed: Committed, client: httpx.AsyncClient
) -> None:
    soon = clock.now() + timedelta(days=3)
    async with committed() as session:
        school = await make_school(session, image_keys=["public/demo/a.webp"], summary="顔つけから")
        slot = await make_schedule(session, await make_class(session, school), start_at=soon)
        await make_school(session, name="非公開", status=SchoolStatus.DRAFT)
        for _ in range(3):
            past = clock.now() - timedelta(days=3)
            booked = await make_booked(session, school=school, start_at=past)
            await make_review(session, booked, rating=5)
        await stats.refresh(session, now=clock.now())
    near = f"{SHIBUYA[0]},{SHIBUYA[1]}"
    params = {
        "q": "水泳",
        "area": "13113",
        "category": "swim",
        "date": clock.jst_date(soon).isoformat(),
        "near": near,
        "radius_m": 2000,
        "age": 7,
        "sort": "distance",
    }
    page = await _get(client, "/schools", **params)
    (item,) = page["items"]
    assert set(item) >= _ITEM
    assert (item["id"], item["area"]) == (str(school.id), {"code": "13113", "name": "渋谷区"})
    assert item["category"] == {"code": "swim", "name": "水泳"}
    assert item["location"] == {"lat": pytest.approx(SHIBUYA[0]), "lng": pytest.approx(SHIBUYA[1])}
    assert (item["distance_m"], item["rating_parent"], item["rating_child"]) == (0, 5.0, None)
    assert (item["review_count"], item["image_url"]) == (3, "/media/public/demo/a.webp")
    assert item["next_lesson_at"] == clock.jst(slot.start_at).isoformat()
    assert page["next_cursor"] is None


async def test_pages_follow_each_other_by_cursor(committed: Committed, client: httpx.AsyncClient) -> None:
    async with committed() as session:
        for _ in range(5):
            await make_school(session)
    first = await _get(client, "/schools", limit=3)
    rest = await _get(client, "/schools", limit=3, cursor=first["next_cursor"])
    ids = [item["id"] for item in first["items"] + rest["items"]]
    assert (len(set(ids)), len(ids), rest["next_cursor"]) == (5, 5, None)


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"date": "2026-02-30"}, "date"),
        ({"near": "here"}, "near"),
        ({"near": "35.6,139.7", "radius_m": "1"}, "radius_m"),
        ({"sort": "distance"}, "near"),
        ({"sort": "cheap"}, "sort"),
        ({"area": "99999"}, "area"),
        ({"category": "ufo"}, "category"),
        ({"q": "水" * 101}, "q"),
        ({"age": "x"}, "age"),
        ({"cursor": "abc"}, "cursor"),
        ({"cursor": "あ"}, "cursor"),
        ({"limit": "51"}, "limit"),
        ({"limit": "0"}, "limit"),
    ],
)
async def test_what_cannot_be_read_is_refused_by_name(
    client: httpx.AsyncClient, params: dict[str, str], field: str
) -> None:
    answer = await client.get("/api/v1/schools", params=params)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    problem = answer.json()
    assert problem["code"] == "validation_failed"
    assert set(problem["errors"]) == {field}


@pytest.mark.parametrize("words", ["' OR 1=1 --", "%", "_", "\\", "\x00水泳", "🎹", "<script>", "a" * 100])
async def test_strange_words_find_nothing_and_break_nothing(
    committed: Committed, client: httpx.AsyncClient, words: str
) -> None:
    async with committed() as session:
        await make_school(session, name="ぴあの", name_kana="", category_code="piano")
    await _get(client, "/schools", q=words)
    assert (await _get(client, "/schools", q="ピアノ"))["items"]


async def test_classes_of_a_day_come_with_their_slots(
    committed: Committed, client: httpx.AsyncClient
) -> None:
    late = (clock.jst(clock.now()) + timedelta(days=5)).replace(hour=23, minute=30, second=0, microsecond=0)
    async with committed() as session:
        school = await make_school(session)
        teacher = await make_instructor(session, school)
        lesson = await make_class(session, school)
        slot = await make_schedule(session, lesson, start_at=late, instructor_id=teacher.id)
    day = late.date()
    (item,) = (await _get(client, "/classes", date=day.isoformat(), area="13113", category="swim"))["items"]
    assert item["school"] == {"id": str(school.id), "name": "スマイル水泳"}
    assert (item["title"], item["capacity"], item["duration_min"]) == ("はじめての水泳", 5, 50)
    assert (item["ticket_cost"], item["instructor_choice"]) == (1, False)
    assert item["schedules"] == [
        {
            "id": str(slot.id),
            "start_at": late.isoformat(),
            "end_at": (late + timedelta(minutes=50)).isoformat(),
            "instructor": {"id": str(teacher.id), "name": "鈴木 恵"},
            "seats_left": 5,
        }
    ]
    next_day = (day + timedelta(days=1)).isoformat()
    assert (await _get(client, "/classes", date=next_day))["items"] == []
    assert (await _get(client, "/classes", school_id=school.id, instructor_id=teacher.id))["items"]


async def test_a_school_and_an_instructor_are_told_in_full(
    committed: Committed, client: httpx.AsyncClient
) -> None:
    async with committed() as session:
        school = await make_school(session)
        teacher = await make_instructor(session, school)
        lesson = await make_class(session, school)
        start = clock.now() + timedelta(days=2)
        slot = await make_schedule(session, lesson, instructor_id=teacher.id, start_at=start)
    found = await _get(client, f"/schools/{school.id}")
    assert [person["name"] for person in found["instructors"]] == ["鈴木 恵"]
    assert [(kind["title"], kind["age_min"]) for kind in found["classes"]] == [("はじめての水泳", 4)]
    assert found["stats"] == {
        "rating_parent": None,
        "rating_child": None,
        "parent_review_count": 0,
        "child_review_count": 0,
        "parent_spread": [0] * 5,
        "child_spread": [0] * 5,
        "like_count": 0,
        "bookings_90d": 0,
    }
    person = await _get(client, f"/instructors/{teacher.id}")
    assert person["school"] == {"id": str(school.id), "name": school.name}
    assert [(s["id"], s["class"]["title"]) for s in person["schedules"]] == [(str(slot.id), "はじめての水泳")]


@pytest.mark.parametrize("what", ["schools", "instructors"])
@pytest.mark.parametrize("number", ["0190b6a0-0000-7000-8000-000000000000", "abc", "%00"])
async def test_what_is_not_there_is_404_in_json(client: httpx.AsyncClient, what: str, number: str) -> None:
    answer = await client.get(f"/api/v1/{what}/{number}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_an_unpublished_school_is_shown_to_its_owner_alone(
    committed: Committed, client: httpx.AsyncClient
) -> None:
    async with committed() as session:
        owner, rival = await make_user(session), await make_user(session)
        school = await make_school(session, owner=owner, status=SchoolStatus.SUBMITTED)
        cookies = [await cookie_of(session, user) for user in (owner, rival)]
    paths = [f"/api/v1/schools/{school.id}", f"/api/v1/schools/{school.id}/reviews"]
    for path in paths:
        statuses = [(await client.get(path, headers=headers)).status_code for headers in (*cookies, {})]
        assert statuses == [200, 404, 404], path
    assert (await _get(client, "/schools"))["items"] == []


async def test_several_areas_come_repeated_or_joined(committed: Committed, client: httpx.AsyncClient) -> None:
    async with committed() as session:
        for code in ("13113", "13112", "13110"):
            await make_area(session, code, name=f"区{code}")
            await make_school(session, area_code=code)
    for query in ("area=13113&area=13112", "area=13113,13112", "area=区13113&area=&area=13112"):
        found = (await client.get(f"/api/v1/schools?{query}")).json()["items"]
        assert {item["area"]["code"] for item in found} == {"13113", "13112"}, query
        counted = (await client.get(f"/api/v1/schools/count?{query}")).json()
        assert counted == {"count": 2, "capped": False}


async def test_every_filter_narrows_over_http(committed: Committed, client: httpx.AsyncClient) -> None:
    saturday = clock.jst(clock.now()).replace(hour=10, minute=0, second=0, microsecond=0)
    saturday += timedelta(days=(5 - saturday.weekday()) % 7 or 7)
    async with committed() as session:
        school = await make_school(session)
        lesson = await make_class(session, school)
        await make_schedule(session, lesson, start_at=saturday)
        await make_school(session, location="SRID=4326;POINT(135.5 34.7)")
    near = f"{SHIBUYA[0]},{SHIBUYA[1]}"
    for params in (
        {"weekday": "sat", "time": "morning"},
        {"near": near, "travel": "walk"},
        {"age": "5"},
        {"date": saturday.date().isoformat()},
    ):
        assert [item["id"] for item in (await _get(client, "/schools", **params))["items"]] == [
            str(school.id)
        ]
    for params in ({"weekday": "sun"}, {"time": "evening"}, {"child_rating": "4.5"}, {"safety": "1"}):
        assert (await _get(client, "/schools", **params))["items"] == [], params


async def test_suggestions_and_corrections_come_over_http(
    committed: Committed, client: httpx.AsyncClient
) -> None:
    async with committed() as session:
        await make_terms(session)
        school = await make_school(session)
    found = (await _get(client, "/schools/suggest", q="スマイル"))["items"]
    assert found == [
        {"kind": "school", "id": str(school.id), "text": school.name, "detail": "渋谷区", "location": None}
    ]
    assert (await _get(client, "/schools/suggest"))["items"] == []
    page = await _get(client, "/schools", q="スイミソグ")
    assert (page["corrected"], len(page["items"])) == ("スイミング", 1)
    assert await _get(client, "/schools/count", q="スイミソグ") == {"count": 1, "capped": False}


async def test_a_search_far_from_japan_finds_nothing_and_breaks_nothing(
    committed: Committed, client: httpx.AsyncClient
) -> None:
    async with committed() as session:
        await make_school(session)
    for near in ("0,0", "-90,180", "90,-180", "51.5,-0.1"):
        assert (await _get(client, "/schools", near=near, radius_m=50_000))["items"] == []
        assert len((await _get(client, "/schools", near=near, sort="distance"))["items"]) == 1
