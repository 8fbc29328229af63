"""Routes whose answer is the same for everybody, so that clients may keep it."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from naraigoto.web.caching import revalidated

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class FreshRoute(APIRoute):
    """A route of FastAPI that puts an ETag on its answer."""

    def get_route_handler(self) -> Handler:
        """The handler of FastAPI, then the tag."""
        answer = super().get_route_handler()

        async def tagged(request: Request) -> Response:
            return revalidated(request, await answer(request))

        return tagged
