"""The REST API under /api/v1, the health routes, and a JSON 404 for what is neither page nor route."""

from fastapi import APIRouter, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from naraigoto.api import docs, health, problems
from naraigoto.api.edge import Edge
from naraigoto.errors import NotFound

PREFIX = "/api/v1"
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


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
    api.add_middleware(Edge)
    api.include_router(health.router)
    for feature in features:
        api.include_router(feature, prefix=PREFIX)
    for other in others:
        api.include_router(other)
    docs.install(api)
    for path in ("/api/{rest:path}", "/webhooks/{rest:path}", "/auth/{rest:path}"):
        api.add_api_route(path, _nowhere, methods=_METHODS, include_in_schema=False)
    return api


async def _nowhere(rest: str, request: Request) -> None:
    known = request.app.openapi()["paths"].items()
    methods = [method for path, answers in known if _matches(path, request) for method in answers]
    if methods:
        raise HTTPException(405, headers={"Allow": ", ".join(sorted(method.upper() for method in methods))})
    raise NotFound(path=rest)


def _matches(path: str, request: Request) -> bool:
    return compile_path(path)[0].match(request.url.path) is not None
