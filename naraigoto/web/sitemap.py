"""robots.txt and the sitemap: an index of parts, each streamed a few thousand addresses at a time."""

from collections.abc import AsyncIterator, Iterable
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from naraigoto import db
from naraigoto.errors import NotFound
from naraigoto.services import search, sitemap
from naraigoto.settings import get_settings
from naraigoto.web.reading import counted

router = APIRouter(include_in_schema=False)

_COUNTED = [Depends(counted)]
_HEADERS = {"Cache-Control": "public, max-age=3600"}
_SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_AT_A_TIME = 5_000
# Pages of one person, and what is no page.
_PRIVATE = (
    "/api/",
    "/auth/",
    "/admin",
    "/bookings",
    "/dev/",
    "/family",
    "/home",
    "/kids",
    "/messages",
    "/points",
    "/referrals",
    "/school$",
    "/school/",
    "/settings",
    "/tickets",
    "/unsubscribe",
)


@router.get("/robots.txt")
def robots() -> PlainTextResponse:
    """What search engines may read."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in _PRIVATE),
        "",
        f"Sitemap: {_site()}/sitemap.xml",
    ]
    return PlainTextResponse("\n".join(lines) + "\n", headers=_HEADERS)


@router.get("/sitemap.xml", dependencies=_COUNTED)
async def index() -> Response:
    """The parts."""
    async with db.transaction() as session:
        parts = {kind: await sitemap.parts(session, kind=kind) for kind in sitemap.KINDS}
    places = ["pages.xml", *(f"{kind}/{first}.xml" for kind, firsts in parts.items() for first in firsts)]
    body = "".join(f"<sitemap><loc>{_site()}/sitemaps/{place}</loc></sitemap>\n" for place in places)
    return _xml(f"{_XML}<sitemapindex {_SCHEMA}>\n{body}</sitemapindex>\n")


@router.get("/sitemaps/pages.xml", dependencies=_COUNTED)
async def pages() -> Response:
    """The first page, the search, and the search of every area and genre."""
    async with db.transaction() as session:
        areas, genres = await search.areas(session), await search.categories(session)
    paths = [
        "/",
        "/search",
        *(f"/search?category={genre.code}" for genre in genres),
        *(f"/search?area={area.code}" for area in areas),
    ]
    return _xml(f"{_XML}<urlset {_SCHEMA}>\n{_lines((path, '') for path in paths)}</urlset>\n")


@router.get("/sitemaps/{kind}/{first}.xml", dependencies=_COUNTED)
async def part(kind: str, first: UUID) -> StreamingResponse:
    """One part.

    Raises: NotFound.
    """
    if kind not in sitemap.KINDS:
        raise NotFound
    return StreamingResponse(_part(kind, first), media_type="application/xml", headers=_HEADERS)


async def _part(kind: str, first: UUID) -> AsyncIterator[str]:
    """In steps with a transaction each, so that a slow reader holds no connection."""
    yield f"{_XML}<urlset {_SCHEMA}>\n"
    after: UUID | None = None
    for _ in range(sitemap.PART // _AT_A_TIME):
        async with db.transaction() as session:
            rows = await sitemap.entries(session, kind=kind, first=first, after=after, limit=_AT_A_TIME)
        yield _lines(
            (f"/{kind}/{row.id}", row.changed_at.date().isoformat() if row.changed_at else "") for row in rows
        )
        if len(rows) < _AT_A_TIME:
            break
        after = rows[-1].id
    yield "</urlset>\n"


def _lines(places: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f"<url><loc>{_site()}{path}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>\n"
        for path, changed in places
    )


def _xml(body: str) -> Response:
    return Response(body, media_type="application/xml", headers=_HEADERS)


def _site() -> str:
    return get_settings().public_url
