"""Every API operation × every kind of person: what each is answered (domain.md D9)."""

import re
from typing import Any, NamedTuple

import httpx
import pytest

from naraigoto.naraigoto import fastapi_app
from tests.authz.world import MARKERS, Persona, World, build
from tests.conftest import Committed

A, C, G, O, S, R, X = Persona  # noqa: E741  # one letter each, so that the table below can be read


class Call(NamedTuple):
    """One operation as tried: address, body, and the status for each persona in the order of Persona."""

    path: str
    statuses: tuple[int, ...]
    body: dict[str, Any] | None = None


ANYONE = (200,) * 7
#                                           anon child guard other member rival admin
OPERATIONS: dict[str, Call] = {
    "GET /healthz": Call("/healthz", ANYONE),
    "GET /readyz": Call("/readyz", ANYONE),
    "GET /api/v1/areas": Call("/api/v1/areas", ANYONE),
    "GET /api/v1/categories": Call("/api/v1/categories", ANYONE),
    "GET /api/v1/schools": Call("/api/v1/schools", ANYONE),
    "GET /api/v1/schools/{school_id}": Call("/api/v1/schools/{school}", ANYONE),
    "GET /api/v1/instructors/{instructor_id}": Call("/api/v1/instructors/{instructor}", ANYONE),
    "GET /api/v1/classes": Call("/api/v1/classes?school_id={school}", ANYONE),
    "GET /api/v1/schools/{school_id}/reviews": Call("/api/v1/schools/{school}/reviews", ANYONE),
    "POST /api/v1/auth/login": Call(
        "/api/v1/auth/login", (401,) * 7, {"email": "nobody@example.com", "password": "wrong-password"}
    ),
    "POST /api/v1/auth/logout": Call("/api/v1/auth/logout", (204,) * 7),
    "GET /api/v1/me": Call("/api/v1/me", (401, 200, 200, 200, 200, 200, 200)),
    "GET /api/v1/me/bookings": Call("/api/v1/me/bookings", (401, 200, 200, 200, 403, 403, 403)),
    "GET /api/v1/plans": Call("/api/v1/plans", ANYONE),
    "POST /webhooks/stripe": Call("/webhooks/stripe", (400,) * 7, {"id": "evt_forged"}),
    "POST /api/v1/billing/checkout-session": Call(
        "/api/v1/billing/checkout-session", (401, 403, 201, 201, 403, 403, 403), {"plan": "standard"}
    ),
    "POST /api/v1/billing/portal-session": Call(
        "/api/v1/billing/portal-session", (401, 403, 201, 201, 403, 403, 403)
    ),
    "POST /api/v1/billing/cancel": Call("/api/v1/billing/cancel", (401, 403, 404, 404, 403, 403, 403)),
    "POST /api/v1/billing/resume": Call("/api/v1/billing/resume", (401, 403, 404, 404, 403, 403, 403)),
    "GET /api/v1/me/subscription": Call("/api/v1/me/subscription", (401, 403, 200, 200, 403, 403, 403)),
    "GET /api/v1/me/payments": Call("/api/v1/me/payments", (401, 403, 200, 200, 403, 403, 403)),
    "POST /api/v1/admin/tickets/adjust": Call(
        "/api/v1/admin/tickets/adjust",
        (401, 403, 403, 403, 403, 403, 200),
        {"family_id": "{family}", "delta": 1, "reason": "おわび"},
    ),
    "GET /api/v1/me/tickets": Call("/api/v1/me/tickets", (401, 200, 200, 200, 403, 403, 403)),
    "GET /api/v1/bookings/{booking_id}": Call(
        "/api/v1/bookings/{booking}", (401, 200, 200, 404, 403, 403, 403)
    ),
    "POST /api/v1/bookings": Call(
        "/api/v1/bookings",
        (401, 403, 201, 404, 403, 403, 403),
        {"schedule_id": "{free}", "child_user_id": "{child}"},
    ),
    "GET /api/v1/schools/{school_id}/bookings": Call(
        "/api/v1/schools/{school}/bookings", (401, 403, 403, 403, 200, 404, 403)
    ),
    "POST /api/v1/attendances/{booking_id}": Call(
        "/api/v1/attendances/{begun}", (401, 403, 403, 403, 200, 404, 403), {"status": "attended"}
    ),
}

# Who may receive a private word from each operation.
MAY_SEE = {
    "GET /api/v1/me": {C, G},
    "GET /api/v1/me/bookings": {C, G},
    "GET /api/v1/bookings/{booking_id}": {C, G},
    "POST /api/v1/bookings": {G},
    "GET /api/v1/schools/{school_id}/bookings": {S},
}


async def answer(world: World, operation: str, persona: Persona) -> httpx.Response:
    """Send the operation as that person, from our own page."""
    call = OPERATIONS[operation]
    transport = httpx.ASGITransport(app=fastapi_app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as client:
        headers = {"Origin": "http://localhost:3000"}
        if cookie := world.cookie(persona):
            headers["Cookie"] = cookie
        body = {key: _filled(value, world) for key, value in call.body.items()} if call.body else None
        return await client.request(
            operation.split()[0], call.path.format_map(world), json=body, headers=headers
        )


def _filled(value: Any, world: World) -> Any:
    return value.format_map(world) if isinstance(value, str) else value


def test_every_operation_has_a_declared_expectation() -> None:
    operations = {
        f"{method.upper()} {path}"
        for path, methods in fastapi_app.openapi()["paths"].items()
        for method in methods
    }
    assert operations == set(OPERATIONS)


def test_no_operation_hides_from_the_schema() -> None:
    documented = set(fastapi_app.openapi()["paths"])
    hidden = {getattr(route, "path", "") for route in fastapi_app.routes} - documented
    # Files, sign-out by form, documentation, developers' mail and the answers for what does not exist.
    known = re.compile(r"/(media|auth|dev|webhooks|api/\{rest:path\}|api/v1/(docs|openapi\.json))|^$")
    assert {path for path in hidden if not known.search(path)} == set()


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_each_kind_of_person_is_answered_as_declared(committed: Committed, operation: str) -> None:
    async with committed() as session:
        world = await build(session)
    got: dict[str, int] = {}
    for persona in Persona:
        # Who may change something comes last, so that the others find the world untouched.
        got[persona] = 0
    order = sorted(Persona, key=lambda who: OPERATIONS[operation].statuses[list(Persona).index(who)] < 300)
    for persona in order:
        response = await answer(world, operation, persona)
        got[persona] = response.status_code
        seen = [word for word in MARKERS if word in response.text]
        assert not seen or persona in MAY_SEE.get(operation, set()), (persona, seen)
        if persona in MAY_SEE.get(operation, set()):
            assert seen, (persona, response.text)
    assert tuple(got.values()) == OPERATIONS[operation].statuses
