"""The REST API under /api/v1, the health routes, and a JSON 404 for what is neither page nor route."""

from fastapi import APIRouter, FastAPI

from naraigoto.api import docs, health, problems
from naraigoto.errors import NotFound

PREFIX = "/api/v1"
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def create_api(*, features: list[APIRouter], others: list[APIRouter]) -> FastAPI:
    """The ASGI application of everything that is not a page.

    `features` answer under /api/v1; `others` (files, sign-out, developer pages) where they say.
    """
    api = FastAPI(
        title="習い事Prime API",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
    )
    problems.install(api)
    api.include_router(health.router)
    for feature in features:
        api.include_router(feature, prefix=PREFIX)
    for other in others:
        api.include_router(other)
    docs.install(api)
    for path in ("/api/{rest:path}", "/webhooks/{rest:path}", "/auth/{rest:path}"):
        api.add_api_route(path, _nowhere, methods=_METHODS, include_in_schema=False)
    return api


async def _nowhere(rest: str) -> None:
    raise NotFound(path=rest)
