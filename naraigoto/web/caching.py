"""Answers that a client may keep: an ETag on each, and 304 when nothing has changed."""

import hashlib
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

# Kept, but asked about each time: a seat may be gone the next second.
FRESH: Final = "public, no-cache"


def revalidated(request: Request, response: Response) -> Response:
    """The answer with its ETag, or 304 for a client that holds it already."""
    if response.status_code != 200:
        return response
    tag = f'W/"{hashlib.sha256(bytes(response.body)).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": response.headers.get("cache-control", FRESH)}
    known = {part.strip() for part in request.headers.get("if-none-match", "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response
