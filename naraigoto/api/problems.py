"""Refusals on the wire: `application/problem+json` (RFC 9457, contract.md §5)."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from naraigoto.errors import (
    DomainError,
    Forbidden,
    InvalidInput,
    NotFound,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from naraigoto.texts.errors import field_problem, refusal
from naraigoto.texts.http import TITLES

MEDIA_TYPE = "application/problem+json"
_CONTENT = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
_WITHOUT_DATABASE = {"/healthz"}
_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457; `detail` is for people, `code` for programs, `errors` for single fields.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        **{name: {"type": "string"} for name in ("type", "title", "detail", "code")},
        "status": {"type": "integer"},
        "errors": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
# 400 is what the framework says of a body that is no text at all; to a caller that is one more bad value.
_KNOWN: dict[int, type[DomainError]] = {
    400: InvalidInput,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    413: TooLarge,
}


class Problem(JSONResponse):
    """The answer to a request that was refused."""

    media_type = MEDIA_TYPE

    def __init__(
        self,
        error: DomainError,
        *,
        errors: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        body: dict[str, Any] = {
            "type": f"/problems/{error.code}",
            "title": TITLES[error.status],
            "status": error.status,
            "detail": refusal(error),
            "code": error.code,
        }
        if errors:
            body["errors"] = errors
        super().__init__(body, status_code=error.status, headers=_headers(error) | (headers or {}))


def refusals(*errors: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """OpenAPI answers for the refusals an operation may give."""
    by_status: dict[int, list[str]] = {}
    for error in errors:
        by_status.setdefault(error.status, []).append(error.code)
    return {
        status: {"description": ", ".join(sorted(set(codes)))} | _CONTENT
        for status, codes in by_status.items()
    }


def document(told: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI description with every refusal as a problem, where FastAPI tells its own shape."""
    schemas = told.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = _SCHEMA
    for own in ("HTTPValidationError", "ValidationError"):
        schemas.pop(own, None)
    for path, methods in told["paths"].items():
        for operation in methods.values():
            answers = operation["responses"]
            if "application/json" in answers.get("422", {}).get("content", {}):
                answers["422"] = {"description": InvalidInput.code} | _CONTENT
            if path not in _WITHOUT_DATABASE:
                answers.setdefault("503", {"description": Unavailable.code} | _CONTENT)
    return told


def install(api: FastAPI) -> None:
    """Translate every refusal that leaves a route, and tell so in the OpenAPI description."""
    plain = api.openapi
    api.openapi = lambda: document(plain())

    @api.exception_handler(DomainError)
    async def refused(_request: Request, error: DomainError) -> Problem:
        fields = error.facts.get("fields")
        errors = (
            {name: field_problem(str(key)) for name, key in fields.items()}
            if isinstance(fields, dict)
            else None
        )
        return Problem(error, errors=errors)

    @api.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> Problem:
        if all(problem["loc"][0] == "path" for problem in error.errors()):
            return Problem(NotFound())  # what no id can name is absent
        found = {_field(problem["loc"]): field_problem(problem["type"]) for problem in error.errors()}
        return Problem(InvalidInput(), errors=found)

    @api.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> Problem | JSONResponse:
        known = _KNOWN.get(error.status_code)
        if known is not None:
            return Problem(known(), headers=dict(error.headers or {}))
        body = {
            "type": "about:blank",
            "title": TITLES.get(error.status_code, ""),
            "status": error.status_code,
        }
        return JSONResponse(
            body | {"detail": body["title"], "code": f"http_{error.status_code}"},
            error.status_code,
            headers=dict(error.headers or {}),
            media_type=MEDIA_TYPE,
        )


def _field(place: tuple[int | str, ...]) -> str:
    # A part in brackets names the chosen shape of a body, not a field.
    return ".".join(str(part) for part in place[1:] if not str(part).startswith("(")) or str(place[0])


def _headers(error: DomainError) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if "retry_after" in error.facts:
        headers["Retry-After"] = str(error.facts["retry_after"])
    return headers
