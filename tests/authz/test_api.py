"""Every API operation × every kind of person: what each is answered (domain.md D9)."""

import re
from typing import Any, NamedTuple

import httpx
import pytest

from naraigoto.naraigoto import fastapi_app
from tests.authz.world import MARKERS, Persona, World, Worlds, untouched

A, C, G, O, S, R, X = Persona  # noqa: E741  # one letter each, so that the table below can be read


class Call(NamedTuple):
    """One operation as tried: address, body, and the status for each persona in the order of Persona.

    `once`: what can happen only once is tried by each of them in a world of its own.
    """

    path: str
    statuses: tuple[int, ...]
    body: dict[str, Any] | None = None
    once: bool = False


ANYONE = (200,) * 7
#                                           anon child guard other member rival admin
OPERATIONS: dict[str, Call] = {
    "GET /healthz": Call("/healthz", ANYONE),
    "GET /readyz": Call("/readyz", ANYONE),
    "GET /api/v1/areas": Call("/api/v1/areas", ANYONE),
    "GET /api/v1/categories": Call("/api/v1/categories", ANYONE),
    "GET /api/v1/schools": Call("/api/v1/schools", ANYONE),
    "GET /api/v1/schools/count": Call("/api/v1/schools/count", ANYONE),
    "GET /api/v1/schools/suggest": Call("/api/v1/schools/suggest?q=すい", ANYONE),
    "GET /api/v1/schools/{school_id}": Call("/api/v1/schools/{school}", ANYONE),
    "GET /api/v1/instructors/{instructor_id}": Call("/api/v1/instructors/{instructor}", ANYONE),
    "GET /api/v1/classes": Call("/api/v1/classes?school_id={school}", ANYONE),
    "GET /api/v1/schools/{school_id}/reviews": Call("/api/v1/schools/{school}/reviews", ANYONE),
    "POST /api/v1/reviews/{kind}": Call(
        "/api/v1/reviews/parent",
        (401, 403, 409, 404, 403, 403, 403),
        {
            "booking_id": "{begun}",
            "target_type": "school",
            "target_id": "{school}",
            "rating": 4,
            "comment": "とても楽しく通っています。",
        },
    ),
    # Nobody has reviewed anything in this world: who may ask at all is told that there is no such review.
    "PATCH /api/v1/reviews/{kind}/{review_id}": Call(
        "/api/v1/reviews/parent/{booking}", (401, 403, 404, 404, 403, 403, 403), {"rating": 3}
    ),
    "DELETE /api/v1/reviews/{kind}/{review_id}": Call(
        "/api/v1/reviews/parent/{booking}", (401, 403, 404, 404, 403, 403, 403)
    ),
    "POST /api/v1/reviews/{kind}/{review_id}/reports": Call(
        "/api/v1/reviews/parent/{booking}/reports", (401, *(404,) * 6), {"reason": "false"}
    ),
    "POST /api/v1/reviews/{kind}/{review_id}/appeal": Call(
        "/api/v1/reviews/parent/{booking}/appeal", (401, 403, 404, 404, 403, 403, 403), {"body": "誤解です"}
    ),
    "POST /api/v1/reviews/{kind}/{review_id}/reply": Call(
        "/api/v1/reviews/parent/{booking}/reply", (401, 403, 403, 403, 404, 404, 403), {"body": "ありがとう"}
    ),
    "PATCH /api/v1/reviews/{kind}/{review_id}/reply": Call(
        "/api/v1/reviews/parent/{booking}/reply", (401, 403, 403, 403, 404, 404, 403), {"body": "ありがとう"}
    ),
    "POST /api/v1/reviews/{kind}/{review_id}/helpful": Call(
        "/api/v1/reviews/parent/{booking}/helpful", (401, *(404,) * 6)
    ),
    "DELETE /api/v1/reviews/{kind}/{review_id}/helpful": Call(
        "/api/v1/reviews/parent/{booking}/helpful", (401, *(404,) * 6)
    ),
    "POST /api/v1/reviews/child/{review_id}/hide": Call(
        "/api/v1/reviews/child/{booking}/hide", (401, 403, 404, 404, 403, 403, 403)
    ),
    "POST /api/v1/reviews/child/{review_id}/show": Call(
        "/api/v1/reviews/child/{booking}/show", (401, 403, 404, 404, 403, 403, 403)
    ),
    "GET /api/v1/admin/reports": Call("/api/v1/admin/reports", (401, 403, 403, 403, 403, 403, 200)),
    "POST /api/v1/admin/reports/{report_id}/resolve": Call(
        "/api/v1/admin/reports/{booking}/resolve",
        (401, 403, 403, 403, 403, 403, 404),
        {"action": "dismiss", "note": "問題ありません"},
    ),
    "POST /api/v1/admin/appeals/{appeal_id}/resolve": Call(
        "/api/v1/admin/appeals/{booking}/resolve",
        (401, 403, 403, 403, 403, 403, 404),
        {"granted": True, "note": "確認しました"},
    ),
    "GET /api/v1/transparency": Call("/api/v1/transparency", ANYONE),
    "GET /api/v1/me/points": Call("/api/v1/me/points", (401, 200, 200, 200, 403, 403, 403)),
    "POST /api/v1/auth/login": Call(
        "/api/v1/auth/login", (401,) * 7, {"email": "nobody@example.com", "password": "wrong-password"}
    ),
    "POST /api/v1/auth/signup": Call(
        "/api/v1/auth/signup",
        (422,) * 7,
        {"email": "new@example.com", "password": "password123", "name": "新しい人", "type": "parent"},
    ),
    "POST /api/v1/auth/verify": Call("/api/v1/auth/verify", (404,) * 7, {"token": "forged"}),
    "POST /api/v1/auth/verify/resend": Call("/api/v1/auth/verify/resend", (401, 403, *(202,) * 5)),
    "POST /api/v1/auth/reset": Call("/api/v1/auth/reset", (202,) * 7, {"email": "nobody@example.com"}),
    "POST /api/v1/auth/reset/confirm": Call(
        "/api/v1/auth/reset/confirm", (404,) * 7, {"token": "forged", "password": "correct horse battery"}
    ),
    # Nobody of this world has a password of ours.
    "POST /api/v1/me/password": Call(
        "/api/v1/me/password",
        (401, *(403,) * 6),
        {"current": "wrong-password", "password": "correct horse battery"},
    ),
    "POST /api/v1/me/email": Call(
        "/api/v1/me/email",
        (401, *(403,) * 6),
        {"email": "new@example.com", "password": "wrong-password"},
    ),
    # Without a provider nobody signs in by a code, and nobody holds an offer to link.
    "POST /api/v1/auth/callback": Call(
        "/api/v1/auth/callback", (403,) * 7, {"code": "x", "code_verifier": "x", "redirect_uri": "x"}
    ),
    "POST /api/v1/auth/link": Call("/api/v1/auth/link", (404,) * 7, {"password": "x"}),
    "POST /api/v1/auth/logout": Call("/api/v1/auth/logout", (204,) * 7),
    "GET /api/v1/me": Call("/api/v1/me", (401, 200, 200, 200, 200, 200, 200)),
    "GET /api/v1/me/sessions": Call("/api/v1/me/sessions", (401, *(200,) * 6)),
    "DELETE /api/v1/me/sessions": Call("/api/v1/me/sessions", (401, *(204,) * 6)),
    "DELETE /api/v1/me/sessions/{session_id}": Call("/api/v1/me/sessions/{booking}", (401, *(404,) * 6)),
    "GET /api/v1/me/notification-settings": Call(
        "/api/v1/me/notification-settings", (401, 403, 200, 200, 200, 200, 200)
    ),
    "PUT /api/v1/me/notification-settings": Call(
        "/api/v1/me/notification-settings",
        (401, 403, 200, 200, 200, 200, 200),
        {
            "reminders": True,
            "review_requests": True,
            "ticket_notices": True,
            "points_notices": True,
            "digest": False,
        },
    ),
    "DELETE /api/v1/me": Call("/api/v1/me", (401, 403, 204, 204, 409, 409, 403)),
    "POST /api/v1/auth/undo-deletion": Call("/api/v1/auth/undo-deletion", (404,) * 7, {"token": "forged"}),
    # A ZIP: what is in it, and in whose, tests/services/test_export.py tells.
    "GET /api/v1/me/export": Call("/api/v1/me/export", (401, 200, 200, 200, 200, 200, 200)),
    "POST /api/v1/auth/child-mode": Call(
        "/api/v1/auth/child-mode", (401, 403, 200, 404, 403, 403, 403), {"child_user_id": "{child}"}
    ),
    "POST /api/v1/auth/child-mode/leave": Call(
        "/api/v1/auth/child-mode/leave", (401, *(403,) * 6), {"password": "wrong-password"}
    ),
    "POST /api/v1/families": Call("/api/v1/families", (401, 403, 201, 201, 403, 403, 403), {"name": "家"}),
    "GET /api/v1/families/{family_id}": Call(
        "/api/v1/families/{family}", (401, 200, 200, 404, 403, 403, 403)
    ),
    "POST /api/v1/families/{family_id}/members": Call(
        "/api/v1/families/{family}/members",
        (401, 403, 201, 404, 403, 403, 403),
        {"name": "うみ", "login_name": "umi", "passcode": "2580"},
    ),
    "PATCH /api/v1/families/{family_id}/members/{user_id}": Call(
        "/api/v1/families/{family}/members/{child}",
        (401, 403, 200, 404, 403, 403, 403),
        {"interests": "水泳"},
    ),
    "DELETE /api/v1/families/{family_id}/members/{user_id}": Call(
        "/api/v1/families/{family}/members/{child}", (401, 403, 204, 404, 403, 403, 403)
    ),
    "POST /api/v1/families/{family_id}/leave": Call(
        "/api/v1/families/{family}/leave", (401, 403, 403, 404, 403, 403, 403)
    ),
    "POST /api/v1/families/{family_id}/invitations": Call(
        "/api/v1/families/{family}/invitations", (401, 403, 201, 404, 403, 403, 403)
    ),
    "GET /api/v1/families/{family_id}/invitations": Call(
        "/api/v1/families/{family}/invitations", (401, 403, 200, 404, 403, 403, 403)
    ),
    "DELETE /api/v1/families/{family_id}/invitations/{invitation_id}": Call(
        "/api/v1/families/{family}/invitations/{invitation}", (401, 403, 204, 404, 403, 403, 403)
    ),
    # Whoever holds the link reads who invites.
    "GET /api/v1/invitations/{token}": Call("/api/v1/invitations/{token}", ANYONE),
    "POST /api/v1/invitations/accept": Call(
        "/api/v1/invitations/accept", (401, 403, 200, 409, 403, 403, 403), {"token": "{token}"}
    ),
    "GET /api/v1/me/bookings": Call("/api/v1/me/bookings", (401, 200, 200, 200, 403, 403, 403)),
    "GET /api/v1/me/saved-searches": Call("/api/v1/me/saved-searches", (401, 403, 200, 200, 403, 403, 403)),
    "POST /api/v1/me/saved-searches": Call(
        "/api/v1/me/saved-searches", (401, 403, 201, 201, 403, 403, 403), {"query": "q=水泳"}
    ),
    "PUT /api/v1/me/saved-searches/mail": Call(
        "/api/v1/me/saved-searches/mail", (401, 403, 204, 204, 403, 403, 403), {"wanted": True}
    ),
    "DELETE /api/v1/me/saved-searches/{saved_id}": Call(
        "/api/v1/me/saved-searches/{saved}", (401, 403, 204, 404, 403, 403, 403)
    ),
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
    "POST /api/v1/bookings/{booking_id}/cancel": Call(
        "/api/v1/bookings/{booking}/cancel", (401, 403, 200, 404, 403, 403, 200), once=True
    ),
    "POST /api/v1/bookings/{booking_id}/reschedule": Call(
        "/api/v1/bookings/{booking}/reschedule",
        (401, 403, 200, 404, 403, 403, 403),
        {"schedule_id": "{free}"},
    ),
    "POST /api/v1/bookings/{booking_id}/accept": Call(
        "/api/v1/bookings/{booking}/accept", (401, 403, 200, 404, 403, 403, 403)
    ),
    "GET /api/v1/bookings/{booking_id}/story": Call(
        "/api/v1/bookings/{booking}/story", (401, 200, 200, 404, 403, 403, 403)
    ),
    "POST /api/v1/bookings/{booking_id}/check-in": Call(
        "/api/v1/bookings/{begun}/check-in", (401, 403, 403, 403, 200, 404, 403)
    ),
    "POST /api/v1/schedules/{schedule_id}/waitlist": Call(
        "/api/v1/schedules/{full}/waitlist",
        (401, 403, 201, 404, 403, 403, 403),
        {"child_user_id": "{child}"},
    ),
    "DELETE /api/v1/schedules/{schedule_id}/waitlist": Call(
        "/api/v1/schedules/{full}/waitlist?child_user_id={child}", (401, 403, 204, 404, 403, 403, 403)
    ),
    "GET /api/v1/me/waitlist": Call("/api/v1/me/waitlist", (401, 403, 200, 200, 403, 403, 403)),
    "PATCH /api/v1/schedules/{schedule_id}": Call(
        "/api/v1/schedules/{free}", (401, 403, 403, 403, 200, 404, 200), {"instructor_id": "{instructor}"}
    ),
    "DELETE /api/v1/schedules/{schedule_id}": Call(
        "/api/v1/schedules/{free}", (401, 403, 403, 403, 204, 404, 204)
    ),
    "GET /api/v1/me/calendar": Call("/api/v1/me/calendar", (401, 403, 200, 200, 403, 403, 403)),
    "POST /api/v1/me/calendar": Call("/api/v1/me/calendar", (401, 403, 201, 201, 403, 403, 403)),
    "DELETE /api/v1/me/calendar": Call("/api/v1/me/calendar", (401, 403, 204, 204, 403, 403, 403)),
    "GET /api/v1/me/calendar.ics": Call("/api/v1/me/calendar.ics?token=nobody-knows", (404,) * 7),
    "GET /api/v1/schools/{school_id}/bookings": Call(
        "/api/v1/schools/{school}/bookings", (401, 403, 403, 403, 200, 404, 403)
    ),
    "POST /api/v1/attendances/{booking_id}": Call(
        "/api/v1/attendances/{begun}", (401, 403, 403, 403, 200, 404, 403), {"status": "attended"}
    ),
}

# Who may receive a private word from each operation.
MAY_SEE = {
    "POST /api/v1/auth/child-mode": {G},
    "POST /api/v1/families": {G},
    "GET /api/v1/families/{family_id}": {C, G},
    "PATCH /api/v1/families/{family_id}/members/{user_id}": {G},
    "GET /api/v1/families/{family_id}/invitations": {G},
    "GET /api/v1/invitations/{token}": set(Persona),
    "GET /api/v1/admin/reports": {X},
    "GET /api/v1/me": {C, G},
    "GET /api/v1/me/sessions": {G},
    "GET /api/v1/me/bookings": {C, G},
    "GET /api/v1/bookings/{booking_id}": {C, G},
    "POST /api/v1/bookings": {G},
    "POST /api/v1/bookings/{booking_id}/cancel": {G, X},
    "POST /api/v1/bookings/{booking_id}/reschedule": {G},
    "POST /api/v1/bookings/{booking_id}/accept": {G},
    "GET /api/v1/bookings/{booking_id}/story": {C, G},
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
    known = re.compile(
        r"/(media|auth|dev|webhooks|\.well-known|api/\{rest:path\}|api/v1/(docs|openapi\.json))|^$"
        # Files, pages and maps for search engines, sign-out by form, documentation, developers' mail and the
        # answers for what does not exist.
        r"/(media|schools|instructors|search|robots|sitemap|unsubscribe|auth|dev|webhooks|api/\{rest:path\}"
        r"|api/v1/(docs|openapi\.json))|^$"
    )
    assert {path for path in hidden if not known.search(path)} == set()


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_each_kind_of_person_is_answered_as_declared(worlds: Worlds, operation: str) -> None:
    call = OPERATIONS[operation]
    declared = dict(zip(Persona, call.statuses, strict=True))
    got: dict[Persona, int] = {}
    # Who may change something comes last, so that the others find the world untouched.
    personas = sorted(Persona, key=lambda who: declared[who] < 300)
    for group in [[each] for each in personas] if call.once else [personas]:
        async with untouched(worlds) as world:
            for persona in group:
                response = await answer(world, operation, persona)
                got[persona] = response.status_code
                seen = [word for word in MARKERS if word in response.text]
                assert bool(seen) == (persona in MAY_SEE.get(operation, set())), (persona, response.text)
    assert got == declared
