"""What search engines, previews of links and people without scripts are served."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from naraigoto import clock, db
from naraigoto.actor import ANONYMOUS
from naraigoto.models.base import new_id
from naraigoto.models.schools import School, SchoolStatus
from naraigoto.rules import READS_OF_ADDRESS
from naraigoto.services import limits, sitemap
from naraigoto.services import stats as stats_service
from naraigoto.settings import get_settings
from naraigoto.texts import ui
from naraigoto.web import shell
from tests.conftest import Committed
from tests.factories import (
    cookie_of,
    make_booked,
    make_class,
    make_instructor,
    make_review,
    make_schedule,
    make_school,
    make_user,
)

_SHELL = (
    '<!DOCTYPE html><html lang="ja"><head><meta charSet="utf-8"/><title>built</title>'
    '<meta content="built" name="description"/><meta content="/favicon.svg" property="og:image"/>'
    '<link as="style" href="/assets/x.css" rel="preload"/></head><body><div></div></body></html>'
)


@pytest.fixture(autouse=True)
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "search").mkdir()
    for name in ("__spa-fallback.html", "search/index.html"):
        (tmp_path / name).write_text(_SHELL)
    monkeypatch.setattr(shell, "FOLDER", tmp_path)


def _data(page: str) -> dict[str, Any]:
    """The things told in JSON-LD by their type; of several the last."""
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return {thing["@type"]: thing for thing in json.loads(block)["@graph"]}


def _meta(page: str, name: str) -> str:
    (value,) = re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)"/>', page)
    return value


async def _school(committed: Committed, **over: Any) -> School:
    async with committed() as session:
        values: dict[str, Any] = {
            "summary": "水がこわい子から",
            "image_keys": ["public/demo/a.webp"],
            "address": "東京都渋谷区神南1-2-3",
        }
        values.update(over)
        school = await make_school(session, **values)
        teacher = await make_instructor(session, school, profile="泳ぐのが好きです")
        lesson = await make_class(session, school)
        start = clock.now() + timedelta(days=2)
        await make_schedule(session, lesson, start_at=start, instructor_id=teacher.id)
        past = clock.now() - timedelta(days=10)
        for _ in range(3):
            await make_review(session, await make_booked(session, school=school, start_at=past), rating=5)
        await stats_service.refresh(session, now=clock.now())
    return school


async def test_a_school_is_told_in_the_head_as_data_and_in_plain_words(
    committed: Committed, client: httpx.AsyncClient
) -> None:
    school = await _school(committed)
    answer = await client.get(f"/schools/{school.id}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    page = answer.text
    site = get_settings().public_url
    assert re.findall(r"<title>(.*?)</title>", page) == ["スマイル水泳（渋谷区・水泳） | 習い事Prime"]
    assert "水がこわい子から" in _meta(page, "description")
    assert _meta(page, "og:image") == f"{site}/media/public/demo/a.webp"
    assert f'<link rel="canonical" href="{site}/schools/{school.id}"/>' in page
    told = _data(page)
    assert told["LocalBusiness"]["name"] == "スマイル水泳"
    assert told["LocalBusiness"]["aggregateRating"]["ratingValue"] == 5.0
    assert told["LocalBusiness"]["aggregateRating"]["reviewCount"] == 3
    assert told["Event"]["name"] == "はじめての水泳"
    assert told["Event"]["startDate"].endswith("+09:00")
    plain = page.partition("<noscript><div")[2]
    for words in (
        "<h1>スマイル水泳</h1>",
        "はじめての水泳",
        "鈴木 恵",
        "神南1-2-3",
        "先生がていねい",
        "残り5席",
    ):
        assert words in plain, words


async def test_an_instructor_is_told_too(committed: Committed, client: httpx.AsyncClient) -> None:
    school = await _school(committed)
    api = (await client.get(f"/api/v1/schools/{school.id}")).json()
    teacher = api["instructors"][0]["id"]
    page = (await client.get(f"/instructors/{teacher}")).text
    assert "<title>鈴木 恵先生（スマイル水泳） | 習い事Prime</title>" in page
    assert _data(page)["Person"]["worksFor"]["name"] == "スマイル水泳"
    assert "泳ぐのが好きです" in page.partition("<noscript><div")[2]


@pytest.mark.parametrize(
    "path", ["/schools/0190b6a0-0000-7000-8000-000000000000", "/schools/x", "/instructors/x"]
)
async def test_what_is_not_there_is_a_real_404_in_words(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert _meta(answer.text, "robots") == "noindex,follow"
    assert "見つかりません" in answer.text


async def test_an_unpublished_school_is_there_for_its_people_only(
    committed: Committed, client: httpx.AsyncClient
) -> None:
    async with committed() as session:
        owner = await make_user(session)
        school = await make_school(session, owner=owner, status=SchoolStatus.DRAFT)
        cookie = await cookie_of(session, owner)
    assert (await client.get(f"/schools/{school.id}")).status_code == 404
    own = await client.get(f"/schools/{school.id}", headers=cookie)
    assert (own.status_code, own.headers["cache-control"]) == (200, "private, no-store")
    assert _meta(own.text, "robots") == "noindex,follow"


async def test_names_can_bring_no_markup_into_the_page(
    committed: Committed, client: httpx.AsyncClient
) -> None:
    school = await _school(committed, name='</script><script>alert(1)</script>"', address="<b>&")
    page = (await client.get(f"/schools/{school.id}")).text
    assert "<script>alert" not in page
    assert "<b>&" not in page
    assert _data(page)["LocalBusiness"]["name"].startswith("</script>")


async def test_a_page_that_has_not_changed_is_not_sent_again(
    committed: Committed, client: httpx.AsyncClient
) -> None:
    school = await _school(committed)
    for path in (f"/schools/{school.id}", "/search?q=水泳", "/api/v1/schools", "/api/v1/areas"):
        first = await client.get(path)
        assert first.headers["cache-control"] == "public, no-cache"
        again = await client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path
        other = await client.get(path, headers={"If-None-Match": 'W/"other"'})
        assert other.status_code == 200
    async with committed() as session:
        found = await session.get(School, school.id)
        assert found
        found.name = "あたらしい名前"
    changed = await client.get(f"/schools/{school.id}", headers={"If-None-Match": first.headers["etag"]})
    assert (changed.status_code, "あたらしい名前" in changed.text) == (200, True)


async def test_a_search_is_told_with_its_results_and_only_lasting_ones_are_indexed(
    committed: Committed, client: httpx.AsyncClient
) -> None:
    school = await _school(committed)
    page = (await client.get("/search?area=13113&category=swim")).text
    site = get_settings().public_url
    assert "<title>渋谷区の水泳の教室をさがす | 習い事Prime</title>" in page
    assert f'href="{site}/search?area=13113&amp;category=swim"' in page
    assert _data(page)["ItemList"]["itemListElement"][0]["url"] == f"{site}/schools/{school.id}"
    assert f'<a class="np-link" href="/schools/{school.id}">' in page.partition("<noscript><div")[2]
    for query in (
        "q=水泳",
        "near=35.66,139.7",
        "area=13113,13112",
        "category=swim&cursor=x",
        "q=ufo",
        "area=99999&q=x",
    ):
        answer = await client.get(f"/search?{query}")
        assert answer.status_code == 200, query
        assert _meta(answer.text, "robots") == "noindex,follow", query


@pytest.mark.parametrize(
    "words", ["<script>", "%00%01", "%FF%FE", "a" * 5000, "%E2%80%AE水泳", "';--", "%25_%5C"]
)
async def test_strange_words_break_no_page(client: httpx.AsyncClient, words: str) -> None:
    answer = await client.get(f"/search?q={words}&near=999,999&radius_m=1e9&date=x&area=%00")
    assert answer.status_code == 200
    assert "<script>" not in answer.text.partition("<noscript><div")[2]


async def test_head_is_answered_like_get_without_a_body(client: httpx.AsyncClient) -> None:
    for path in ("/search", "/robots.txt", "/sitemap.xml"):
        answer = await client.head(path)
        assert (answer.status_code, answer.content) == (200, b""), path


async def test_robots_may_read_what_is_public_and_find_the_sitemap(client: httpx.AsyncClient) -> None:
    told = (await client.get("/robots.txt")).text
    assert f"Sitemap: {get_settings().public_url}/sitemap.xml" in told
    assert "Disallow: /home" in told
    assert "Disallow: /schools" not in told


async def test_the_sitemap_is_an_index_of_parts_that_hold_every_public_page_once(
    committed: Committed, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "PART", 2)
    monkeypatch.setattr("naraigoto.web.sitemap._AT_A_TIME", 1)
    async with committed() as session:
        schools = [await make_school(session) for _ in range(5)]
        teachers = [await make_instructor(session, school) for school in schools[:3]]
        hidden = await make_school(session, status=SchoolStatus.DRAFT)
        await make_instructor(session, hidden)
    site = get_settings().public_url
    index = (await client.get("/sitemap.xml")).text
    parts = re.findall(r"<loc>(.*?)</loc>", index)
    assert len(parts) == 1 + 3 + 2
    places: list[str] = []
    for part in parts:
        answer = await client.get(part.removeprefix(site))
        assert answer.headers["content-type"] == "application/xml"
        places += re.findall(r"<loc>(.*?)</loc>", answer.text)
    wanted = {f"{site}/schools/{school.id}" for school in schools}
    wanted |= {f"{site}/instructors/{teacher.id}" for teacher in teachers}
    assert {place for place in places if "/schools/" in place or "/instructors/" in place} == wanted
    assert len(places) == len(set(places))
    assert f"{site}/search?category=swim" in places
    assert (await client.get("/sitemaps/users/0190b6a0-0000-7000-8000-000000000000.xml")).status_code == 404


async def test_while_the_database_is_away_the_page_comes_with_a_503(client: httpx.AsyncClient) -> None:
    await db.close_engine()
    for path in (f"/schools/{new_id()}", f"/instructors/{new_id()}", "/search"):
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5"), path
        assert ui.UNAVAILABLE_TITLE in answer.text
        assert ui.UNAVAILABLE_TEXT in answer.text


async def test_after_a_burst_from_one_address_every_public_page_asks_to_wait(
    committed: Committed, client: httpx.AsyncClient
) -> None:
    school = await _school(committed)
    async with committed() as session:
        member = await cookie_of(session, await make_user(session))
    pages = (f"/schools/{school.id}", f"/instructors/{new_id()}", "/search?q=水泳")
    for _ in range(READS_OF_ADDRESS.count - 1):
        await limits.read_public(ANONYMOUS, "127.0.0.1")
    assert (await client.get(pages[0])).status_code == 200
    for path in pages:
        refused = await client.get(path)
        assert (refused.status_code, refused.headers["cache-control"]) == (429, "no-store"), path
        assert 0 < int(refused.headers["retry-after"]) <= 60
        assert f"<h1>{ui.LIMITED_TITLE}</h1>" in refused.text
        assert ui.LIMITED_TEXT in refused.text
        assert _meta(refused.text, "robots") == "noindex,follow"
    for path in ("/sitemap.xml", "/sitemaps/pages.xml", f"/sitemaps/schools/{school.id}.xml"):
        assert (await client.get(path)).status_code == 429, path
    assert (await client.get("/robots.txt")).status_code == 200
    assert (await client.get(pages[0], headers=member)).status_code == 200
