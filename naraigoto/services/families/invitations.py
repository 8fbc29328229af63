"""Inviting one more guardian by a link that works once and expires (R7, G6)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import FamilyFull, InvitationExpired, InvitationsOpen, LinkUnusable, NotFound
from naraigoto.models.accounts import User
from naraigoto.models.base import new_id
from naraigoto.models.families import Family, FamilyGuardian, FamilyInvitation
from naraigoto.rules import CODE_ENTRIES, GUARDIANS_MAX, INVITATION_LIFETIME, INVITATIONS_OPEN_MAX
from naraigoto.services import actors, limits
from naraigoto.services.families.making import run
from naraigoto.settings import get_settings

_SCOPE = "invitation"
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation; `token` stands in the link and nowhere else."""

    id: UUID
    token: str
    expires_at: datetime

    @property
    def url(self) -> str:
        """The link to hand on."""
        return f"{get_settings().public_url}/join/{self.token}"


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that nobody has used yet."""

    id: UUID
    invited_by: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationView:
    """What whoever holds the link may know; `joined` when the asker is in that family already."""

    family_id: UUID
    family_name: str
    invited_by: str
    expires_at: datetime
    joined: bool


async def invite(session: AsyncSession, actor: Actor, family_id: UUID, *, now: datetime) -> Invited:
    """Make a link that lets one more guardian in.

    Raises: Unauthenticated, ParentApprovalRequired, FamilyNeeded, NotFound, Forbidden for co-guardians,
        EmailUnverified, FamilyFull, InvitationsOpen.
    """
    policies.require_owner_guardian(actor, family_id)
    user_id = policies.require_verified(actor)
    policies.require_owner_guardian(await actors.held(session, actor, family_id), family_id)
    await refuse_full(session, family_id)
    waiting = select(func.count()).select_from(FamilyInvitation).where(_open_in(family_id, now))
    if (await run(session, waiting)).scalar_one() >= INVITATIONS_OPEN_MAX:
        raise InvitationsOpen(limit=INVITATIONS_OPEN_MAX)
    made = Invited(new_id(), secrets.token_urlsafe(_BYTES), now + INVITATION_LIFETIME)
    session.add(
        FamilyInvitation(
            id=made.id,
            family_id=family_id,
            token_hash=_hashed(made.token),
            invited_by=user_id,
            expires_at=made.expires_at,
            created_at=now,
        )
    )
    await session.flush()
    return made


async def open_invitations(
    session: AsyncSession, actor: Actor, family_id: UUID, *, now: datetime
) -> list[OpenInvitation]:
    """The invitations that can still be used, the newest first.

    Raises: Unauthenticated, ParentApprovalRequired, FamilyNeeded, NotFound, Forbidden for co-guardians.
    """
    policies.require_owner_guardian(actor, family_id)
    found = await run(
        session,
        select(
            col(FamilyInvitation.id),
            col(User.name),
            col(FamilyInvitation.created_at),
            col(FamilyInvitation.expires_at),
        )
        .join(User, col(User.id) == col(FamilyInvitation.invited_by))
        .where(_open_in(family_id, now))
        .order_by(col(FamilyInvitation.id).desc()),
    )
    return [OpenInvitation(*row) for row in found]


async def take_back(
    session: AsyncSession, actor: Actor, family_id: UUID, invitation_id: UUID, *, now: datetime
) -> None:
    """End an invitation that nobody has used; again is fine.

    Raises: Unauthenticated, ParentApprovalRequired, FamilyNeeded, Forbidden for co-guardians,
        NotFound for another family's invitation and for one that was used.
    """
    policies.require_owner_guardian(actor, family_id)
    ended = await run(
        session,
        update(FamilyInvitation)
        .where(
            col(FamilyInvitation.id) == invitation_id,
            col(FamilyInvitation.family_id) == family_id,
            col(FamilyInvitation.used_at).is_(None),
        )
        .values(revoked_at=func.coalesce(col(FamilyInvitation.revoked_at), now)),
    )
    if not ended.rowcount:
        raise NotFound


async def look(
    session: AsyncSession, actor: Actor, *, token: str, address: str, now: datetime
) -> InvitationView:
    """What the link leads to, for anybody who holds it, signed in or not.

    Raises: LinkUnusable for a forged, used or withdrawn link, InvitationExpired, RateLimited after guesses.
    """
    await refuse_guesser(address)
    row = await by_token(session, token)
    if row is None:
        await wrong_entry(address)
        raise LinkUnusable
    joined = actor.family_id == row.family_id
    if not joined:
        refuse_unusable(row, now)
    return InvitationView(row.family_id, row.family_name, row.invited_by, row.expires_at, joined)


async def by_token(session: AsyncSession, token: str) -> Any:
    """The invitation of a link with its family; None for a forged one, or when the family has nobody."""
    found = await run(
        session,
        select(
            col(FamilyInvitation.id),
            col(FamilyInvitation.family_id),
            col(FamilyInvitation.expires_at),
            col(FamilyInvitation.used_by),
            col(FamilyInvitation.revoked_at),
            col(Family.name).label("family_name"),
            col(User.name).label("invited_by"),
        )
        .join(Family, col(Family.id) == col(FamilyInvitation.family_id))
        .join(User, col(User.id) == col(Family.parent_user_id))
        .where(col(FamilyInvitation.token_hash) == _hashed(token), col(User.deleted_at).is_(None)),
    )
    return found.one_or_none()


def refuse_unusable(invitation: Any, now: datetime) -> None:
    """Only an invitation that is unused, not taken back and not too old goes on.

    Raises: LinkUnusable, InvitationExpired.
    """
    if invitation.used_by is not None or invitation.revoked_at is not None:
        raise LinkUnusable
    if invitation.expires_at <= now:
        raise InvitationExpired


async def refuse_guesser(address: str) -> None:
    """Before a code is looked up: nobody goes on guessing (R99).

    Raises: RateLimited.
    """
    await limits.refuse_spent(CODE_ENTRIES, _SCOPE, address)


async def wrong_entry(address: str) -> None:
    """Count a code that leads nowhere.

    Raises: RateLimited when it was one too many.
    """
    await limits.spend(CODE_ENTRIES, _SCOPE, address)


async def refuse_full(session: AsyncSession, family_id: UUID) -> None:
    """Only a family with room for one more guardian goes on; its row is locked.

    Raises: FamilyFull.
    """
    joined = (
        select(func.count()).select_from(FamilyGuardian).where(col(FamilyGuardian.family_id) == family_id)
    )
    if 1 + (await run(session, joined)).scalar_one() >= GUARDIANS_MAX:
        raise FamilyFull(limit=GUARDIANS_MAX)


def _open_in(family_id: UUID, now: datetime) -> Any:
    return (
        (col(FamilyInvitation.family_id) == family_id)
        & col(FamilyInvitation.used_at).is_(None)
        & col(FamilyInvitation.revoked_at).is_(None)
        & (col(FamilyInvitation.expires_at) > now)
    )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
