"""The API's documentation page, served by us: no CDN, and no inline script (CSP)."""

from importlib.resources import files

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles

PATH = "/api/v1/docs"
router = APIRouter(prefix=PATH, include_in_schema=False)

_PAGE = f"""<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>習い事Prime API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{PATH}/assets/swagger-ui.css"></head>
<body><main id="api"></main>
<script src="{PATH}/assets/swagger-ui-bundle.js"></script>
<script src="{PATH}/start.js"></script></body></html>
"""
_START = """SwaggerUIBundle({ url: "/api/v1/openapi.json", dom_id: "#api", deepLinking: true });
"""


@router.get("")
async def page() -> HTMLResponse:
    """Swagger UI."""
    return HTMLResponse(_PAGE)


@router.get("/start.js")
async def start() -> Response:
    """What starts Swagger UI."""
    return Response(_START, media_type="text/javascript")


def install(api: FastAPI) -> None:
    """Add the page and the files it needs."""
    api.include_router(router)
    folder = str(files("fastapi_offline") / "static")
    api.mount(f"{PATH}/assets", StaticFiles(directory=folder), name="api-docs")
