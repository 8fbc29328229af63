"""Pages of schools, instructors and searches for search engines, previews and people without scripts."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, db
from naraigoto.actor import Actor
from naraigoto.errors import DomainError, InvalidInput, NotFound, RateLimited, SearchTooBroad, Unavailable
from naraigoto.rules import SLOT_DAYS_SHOWN
from naraigoto.services import reviews, schedules, schools, search
from naraigoto.services.media import image_url
from naraigoto.settings import get_settings
from naraigoto.texts import schools as school_words
from naraigoto.texts import search as search_words
from naraigoto.texts import seo as words
from naraigoto.texts import ui, units
from naraigoto.texts.errors import refusal as worded
from naraigoto.web import shell, structured
from naraigoto.web.caching import revalidated
from naraigoto.web.reading import reader

router = APIRouter(include_in_schema=False)

_PICTURE = "/ogp.png"
_SLOTS, _REVIEWS = 10, 6


@router.get("/schools/{school_id}")
@router.get("/schools/{school_id}/")
async def school_page(school_id: str, request: Request) -> Response:
    """The page of a school; a real 404 for one that is not there."""
    now = clock.now()
    try:
        async with db.transaction() as session:
            actor = await reader(request, session, now)
            found = await schools.school(session, actor, school_id=_id(school_id))
            slots = await _slots(session, actor, now, school_id=found.id)
            said = await reviews.of_school(session, actor, school_id=found.id, limit=_REVIEWS)
    except DomainError as refusal:
        return _instead(refusal, school_words.NOT_FOUND)
    image = image_url(found.image_keys[0], 480) if found.image_keys else ""
    facts = {"school": found, "slots": slots, "reviews": said.items, "image": image}
    answer = shell.page(shell.ANY_PAGE, _school_head(found, slots), words.plain("school", facts))
    return _kept(request, answer, published=found.published)


def _school_head(found: schools.SchoolDetail, slots: list[schedules.Slot]) -> shell.Head:
    here = f"{_site()}/schools/{found.id}"
    images = [_site() + image_url(key) for key in found.image_keys]
    return shell.Head(
        title=words.school_title(found.name, found.area.name, found.category.name),
        description=words.school_description(
            found.summary,
            found.area.name,
            found.category.name,
            units.rating(found.parent.rating),
            units.rating(found.child.rating),
        ),
        url=here,
        image=images[0] if images else _site() + _PICTURE,
        indexed=found.published,
        data=[
            structured.business(found, here, images),
            *structured.events(slots, structured.place(found), here),
            _trail(found.area, found.category, (found.name, here)),
        ],
    )


@router.get("/instructors/{instructor_id}")
@router.get("/instructors/{instructor_id}/")
async def instructor_page(instructor_id: str, request: Request) -> Response:
    """The page of an instructor; a real 404 for one who is not there."""
    now = clock.now()
    try:
        async with db.transaction() as session:
            actor = await reader(request, session, now)
            found = await schools.instructor(session, actor, instructor_id=_id(instructor_id), now=now)
            school = await schools.school(session, actor, school_id=found.school.id)
            slots = await _slots(session, actor, now, instructor_id=found.id)
            said = await reviews.of_school(
                session, actor, school_id=school.id, instructor_id=found.id, limit=_REVIEWS
            )
    except DomainError as refusal:
        return _instead(refusal, school_words.TEACHER_NOT_FOUND)
    image = image_url(found.image_key, 480)
    facts = {"person": found, "slots": slots, "reviews": said.items, "image": image}
    head = _instructor_head(found, school, slots)
    answer = shell.page(shell.ANY_PAGE, head, words.plain("instructor", facts))
    return _kept(request, answer, published=school.published)


def _instructor_head(
    found: schools.InstructorDetail, school: schools.SchoolDetail, slots: list[schedules.Slot]
) -> shell.Head:
    here, school_url = f"{_site()}/instructors/{found.id}", f"{_site()}/schools/{school.id}"
    image = image_url(found.image_key)
    return shell.Head(
        title=words.instructor_title(found.name, school.name),
        description=words.instructor_description(
            found.profile, school.name, found.area.name, found.category.name
        ),
        url=here,
        image=_site() + (image or _PICTURE),
        kind="profile",
        indexed=school.published,
        data=[
            structured.person(found, here, school_url, _site() + image if image else ""),
            *structured.events(slots, structured.place(school), school_url),
            _trail(found.area, found.category, (school.name, school_url), (found.name, here)),
        ],
    )


@router.get("/search")
@router.get("/search/")
async def search_page(request: Request) -> Response:
    """The search of the address with its first results; pages of one area or genre are for search engines."""
    now = clock.now()
    given = search.joined(request.query_params.multi_items())
    filters, _dropped = search.parse_leniently(given, today=clock.jst_date(now))
    try:
        async with db.transaction() as session:
            await reader(request, session, now)
            areas = {row.code: row.name for row in await search.areas(session)}
            genres = {row.code: row.name for row in await search.categories(session)}
            filters, page = await _found(session, filters, request.query_params.get("cursor"), now)
    except DomainError as refusal:
        return _instead(refusal, search_words.TITLE, page="search/index.html")
    about = search_words.title(
        q=filters.q,
        areas=[areas.get(code, code) for code in filters.areas],
        genre=genres.get(filters.category or "", ""),
    )
    head = _search_head(filters, page, about, given={name: value for name, value in given.items() if value})
    more = page.next_cursor is not None
    facts = {
        "about": about,
        "shown": search_words.shown(len(page.items), more=more) if page.items else search_words.NOTHING,
        "corrected": search_words.corrected(filters.q, page.corrected) if page.corrected else "",
        "rows": page.items,
        "next": f"/search?{urlencode(filters.query() | {'cursor': page.next_cursor})}" if more else "",
        "genres": list(genres.items()),
    }
    return revalidated(request, shell.page("search/index.html", head, words.plain("search", facts)))


def _search_head(
    filters: search.SearchFilters, page: search.SchoolPage, about: str, *, given: dict[str, str]
) -> shell.Head:
    more = page.next_cursor is not None
    query = filters.query()
    lasting = {name: value for name, value in query.items() if name in ("area", "category")}
    return shell.Head(
        title=ui.titled(about),
        description=words.search_description(about, len(page.items), more=more),
        url=f"{_site()}/search" + (f"?{urlencode(lasting)}" if lasting else ""),
        image=_site() + _PICTURE,
        # Words, places and dates make endless pages: only lasting searches are for search engines.
        indexed=query == lasting == given and len(filters.areas) < 2 and bool(page.items),
        data=[structured.listed(page.items, _site())] if page.items else [],
    )


async def _found(
    session: AsyncSession, filters: search.SearchFilters, cursor: str | None, now: datetime
) -> tuple[search.SearchFilters, search.SchoolPage]:
    """What is found; an unknown area or genre is left out, and so is a damaged cursor."""
    filters, _unknown = await search.resolve_leniently(session, filters)
    try:
        return filters, await search.schools(session, filters=filters, cursor=cursor, now=now)
    except InvalidInput:
        return filters, await search.schools(session, filters=filters, now=now)


async def _slots(session: AsyncSession, actor: Actor, now: datetime, **whose: Any) -> list[schedules.Slot]:
    coming = await schedules.coming(
        session, actor, first=clock.jst_date(now), days=SLOT_DAYS_SHOWN, now=now, **whose
    )
    return [slot for slot in coming if slot.bookable][:_SLOTS]


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _instead(refusal: DomainError, title: str, *, page: str = shell.ANY_PAGE) -> Response:
    """The shell with the status of the refusal, which says in words what to do."""
    title, text = _said(refusal, title)
    head = shell.Head(ui.titled(title), title, _site(), _site() + _PICTURE, indexed=False)
    facts = {"title": title, "text": text}
    answer = shell.page(page, head, words.plain("missing", facts), refusal.status)
    if isinstance(refusal, Unavailable | RateLimited):
        answer.headers["Retry-After"] = str(refusal.facts.get("retry_after", 5))
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _said(refusal: DomainError, title: str) -> tuple[str, str]:
    if isinstance(refusal, RateLimited):
        return ui.LIMITED_TITLE, ui.LIMITED_TEXT
    if isinstance(refusal, SearchTooBroad):
        return title, worded(refusal)
    if isinstance(refusal, Unavailable):
        return ui.UNAVAILABLE_TITLE, ui.UNAVAILABLE_TEXT
    return title, school_words.NOT_FOUND_TEXT


def _kept(request: Request, answer: Response, *, published: bool) -> Response:
    """What only the school's own people see is kept by nobody."""
    if published:
        return revalidated(request, answer)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _trail(area: search.CodedName, category: search.CodedName, *steps: tuple[str, str]) -> structured.Thing:
    found = f"{_site()}/search"
    return structured.trail(
        (search_words.TITLE, found),
        (area.name, f"{found}?area={area.code}"),
        (category.name, f"{found}?area={area.code}&category={category.code}"),
        *steps,
    )


def _site() -> str:
    return get_settings().public_url
