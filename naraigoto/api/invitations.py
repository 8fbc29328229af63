"""The link that lets one more guardian into a family (R7)."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from naraigoto.api.deps import CurrentActor, Now, Retrying, Session
from naraigoto.api.problems import refusals
from naraigoto.api.schemas import JstTime
from naraigoto.errors import (
    EmailUnverified,
    FamilyExists,
    FamilyFull,
    FamilyNeeded,
    Forbidden,
    InvitationExpired,
    InvitationsOpen,
    LinkUnusable,
    NotFound,
    ParentApprovalRequired,
    RateLimited,
    Unauthenticated,
)
from naraigoto.services import families
from naraigoto.texts import families as texts
from naraigoto.web.client_address import client_address

router = APIRouter(tags=["families"])
_OWNERS = (Unauthenticated, ParentApprovalRequired, FamilyNeeded, Forbidden, NotFound)


class InvitedRead(BaseModel):
    """A new invitation: the only answer in which its link ever stands."""

    id: UUID
    url: str
    expires_at: JstTime

    @classmethod
    def of(cls, made: families.Invited) -> Self:
        """The wire shape of a new invitation."""
        return cls(id=made.id, url=made.url, expires_at=made.expires_at)


class OpenInvitationRead(BaseModel):
    """An invitation that nobody has used yet."""

    id: UUID
    invited_by: str
    created_at: JstTime
    expires_at: JstTime

    @classmethod
    def of(cls, row: families.OpenInvitation) -> Self:
        """The wire shape of an open invitation."""
        return cls(id=row.id, invited_by=row.invited_by, created_at=row.created_at, expires_at=row.expires_at)


class OpenInvitations(BaseModel):
    """All of them: there are at most five."""

    items: list[OpenInvitationRead]
    next_cursor: None = None


class InvitationRead(BaseModel):
    """What whoever holds the link may know."""

    family_name: str
    invited_by: str
    expires_at: JstTime
    joined: bool


class Acceptance(BaseModel):
    """The part of the link behind /join/."""

    model_config = ConfigDict(hide_input_in_errors=True)

    token: Annotated[str, Field(min_length=1, max_length=200)]


class Joined(BaseModel):
    """The family one belongs to now."""

    family_id: UUID


@router.post(
    "/families/{family_id}/invitations",
    status_code=201,
    responses=refusals(*_OWNERS, EmailUnverified, FamilyFull, InvitationsOpen),
)
async def invite(family_id: UUID, actor: CurrentActor, session: Session, now: Now) -> InvitedRead:
    """Make a link that lets one more guardian in: once, within seven days."""
    return InvitedRead.of(await families.invite(session, actor, family_id, now=now))


@router.get("/families/{family_id}/invitations", responses=refusals(*_OWNERS))
async def read_invitations(
    family_id: UUID, actor: CurrentActor, session: Session, now: Now
) -> OpenInvitations:
    """The invitations that can still be used, the newest first."""
    rows = await families.open_invitations(session, actor, family_id, now=now)
    return OpenInvitations(items=[OpenInvitationRead.of(row) for row in rows])


@router.delete(
    "/families/{family_id}/invitations/{invitation_id}", status_code=204, responses=refusals(*_OWNERS)
)
async def take_back(
    family_id: UUID, invitation_id: UUID, actor: CurrentActor, session: Session, now: Now
) -> None:
    """End an invitation that nobody has used."""
    await families.take_back(session, actor, family_id, invitation_id, now=now)


@router.get("/invitations/{token}", responses=refusals(LinkUnusable, InvitationExpired, RateLimited))
async def read_invitation(
    token: str, request: Request, actor: CurrentActor, session: Session, now: Now
) -> InvitationRead:
    """Who invites into which family; for anybody who holds the link."""
    view = await families.look(session, actor, token=token, address=client_address(request), now=now)
    return InvitationRead(
        family_name=view.family_name or texts.family_name(view.invited_by),
        invited_by=view.invited_by,
        expires_at=view.expires_at,
        joined=view.joined,
    )


@router.post(
    "/invitations/accept",
    responses=refusals(
        Unauthenticated,
        ParentApprovalRequired,
        Forbidden,
        LinkUnusable,
        RateLimited,
        FamilyExists,
        FamilyFull,
    ),
)
async def accept(body: Acceptance, request: Request, contended: Retrying, now: Now) -> Joined:
    """Join the family of the link; again is fine."""
    address = client_address(request)
    family_id = await contended.run(
        lambda session, actor: families.accept(session, actor, token=body.token, address=address, now=now)
    )
    return Joined(family_id=family_id)
