"""「子どもモード」 over HTTP: a guardian's device becomes a child's, and the guardian's again (G2)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from naraigoto import db
from naraigoto.api.accounts import MeRead
from naraigoto.api.auth import SignedInRead
from naraigoto.api.deps import CurrentActor, Now, Session
from naraigoto.api.problems import refusals
from naraigoto.errors import (
    CredentialsWrong,
    FamilyNeeded,
    Forbidden,
    NotFound,
    ParentApprovalRequired,
    RateLimited,
    Unauthenticated,
)
from naraigoto.services import child_mode, proofs, sessions
from naraigoto.services.accounts import SignedIn
from naraigoto.web import session_cookie
from naraigoto.web.client_address import client_address

router = APIRouter(prefix="/auth/child-mode", tags=["auth"])


class ChildModeEntry(BaseModel):
    """Whose hands the device goes into."""

    child_user_id: UUID


class ChildModeExit(BaseModel):
    """The guardian's password."""

    model_config = ConfigDict(hide_input_in_errors=True)

    password: Annotated[str, Field(min_length=1, max_length=1024)]


@router.post(
    "", responses=refusals(Unauthenticated, ParentApprovalRequired, FamilyNeeded, Forbidden, NotFound)
)
async def enter(
    body: ChildModeEntry, response: Response, actor: CurrentActor, session: Session, now: Now
) -> SignedInRead:
    """Hand this device to a child of the family: its session is the child's from now on."""
    return _answer(
        response, await child_mode.enter(session, actor, child_id=body.child_user_id, now=now), now
    )


@router.post("/leave", responses=refusals(Unauthenticated, CredentialsWrong, Forbidden, RateLimited))
async def leave(body: ChildModeExit, request: Request, response: Response, now: Now) -> SignedInRead:
    """Give the device back to its guardian, who proves it by the password."""
    async with db.transaction() as session:
        actor = await session_cookie.actor_from_request(request, session, now)
        known = await child_mode.known_guardian(session, actor)
    proof = await proofs.prove(known, body.password, address=client_address(request))
    async with db.transaction() as session:
        actor = await session_cookie.actor_from_request(request, session, now)
        done = await child_mode.leave(session, actor, proof, now=now)
    return _answer(response, done, now)


def _answer(response: Response, done: SignedIn, now: Now) -> SignedInRead:
    session_cookie.put(response, done.session_token)
    response.headers["Cache-Control"] = "no-store"
    token = sessions.access_token(user_id=done.user.id, session_id=done.session_id, now=now)
    return SignedInRead(access_token=token, user=MeRead.of(done.user))
