"""Signing up and proving an address (contract.md §5)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from naraigoto import db
from naraigoto.api.accounts import MeRead
from naraigoto.api.auth import Secret, Short, SignedInRead
from naraigoto.api.deps import CurrentActor, Now, Session
from naraigoto.api.problems import refusals
from naraigoto.errors import (
    EmailTaken,
    FamilyFull,
    Forbidden,
    InvitationExpired,
    LinkUnusable,
    ParentApprovalRequired,
    RateLimited,
    ReferralInvalid,
    Unauthenticated,
)
from naraigoto.services import joining, sessions
from naraigoto.services.joining import SignUp, UserType
from naraigoto.web import session_cookie
from naraigoto.web.client_address import client_address
from naraigoto.web.sign_in import refuse_beside_provider

router = APIRouter(prefix="/auth", tags=["auth"])

Code = Annotated[str, Field(max_length=200)]
Token = Annotated[str, Field(max_length=2048)]


class SignUpWish(BaseModel):
    """A new guardian or school owner. Signing up agrees to the terms and the privacy notice as they stand."""

    model_config = ConfigDict(hide_input_in_errors=True)

    email: Short
    password: Secret
    name: Short
    type: Literal["parent", "school_owner"]
    referral_code: Code | None = None
    invitation: Code | None = None
    agree: bool | None = None

    def wish(self) -> SignUp:
        """What the service is asked for."""
        return SignUp(
            self.email,
            self.password,
            self.name,
            UserType(self.type),
            self.agree is not False,
            self.referral_code or "",
            self.invitation or "",
        )


class MailedToken(BaseModel):
    """The token of a link in a mail."""

    model_config = ConfigDict(hide_input_in_errors=True)

    token: Token | None = None


@router.post(
    "/signup",
    status_code=201,
    responses=refusals(
        Forbidden, EmailTaken, ReferralInvalid, LinkUnusable, InvitationExpired, FamilyFull, RateLimited
    ),
)
async def sign_up(body: SignUpWish, request: Request, response: Response, now: Now) -> SignedInRead:
    """Sign up; a guardian begins a family, or joins the one whose invitation they hold."""
    refuse_beside_provider()
    session_cookie.refuse_foreign_page(request)
    newcomer = await joining.prepare(body.wish(), address=client_address(request))
    agent = request.headers.get("user-agent", "")
    try:
        async with db.transaction() as session:
            done = await joining.sign_up(session, newcomer, user_agent=agent, now=now)
            if "origin" in request.headers:
                await sessions.revoke(session, session_cookie.read(request.headers.get("cookie")), now=now)
    except EmailTaken:
        async with db.transaction() as session:
            await joining.tell_owner(session, newcomer, now=now)
        raise
    session_cookie.put(response, done.session_token)
    token = sessions.access_token(user_id=done.user.id, session_id=done.session_id, now=now)
    return SignedInRead(access_token=token, user=MeRead.of(done.user))


@router.post("/verify", status_code=204, responses=refusals(Forbidden, LinkUnusable, EmailTaken))
async def verify(body: MailedToken, request: Request, session: Session, now: Now) -> None:
    """The link of a mail was followed: that address is the person's own now."""
    session_cookie.refuse_foreign_page(request)
    await joining.verify(session, token=body.token or "", now=now)


@router.post(
    "/verify/resend",
    status_code=202,
    responses=refusals(Unauthenticated, ParentApprovalRequired, RateLimited),
)
async def send_again(actor: CurrentActor, session: Session, now: Now) -> None:
    """Mail the link to one's own address once more."""
    await joining.send_again(session, actor, now=now)
