"""Guardians who join a family by its link, and leave it again (G6)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import FamilyExists, Forbidden, LinkUnusable
from naraigoto.models.families import Family, FamilyGuardian, FamilyInvitation
from naraigoto.services import actors, calendar, family_notices, sessions
from naraigoto.services.families import invitations
from naraigoto.services.families.making import lock_families, lock_person, run

# Whatever people, money or promises hang on a family keep it from being dissolved. What a guardian alone can
# leave in it (likes) moves along.
_HOLDING = (
    ("family_members", "family_id"),
    ("family_guardians", "family_id"),
    ("bookings", "family_id"),
    ("conversations", "family_id"),
    ("booking_requests", "family_id"),
    ("waitlist_entries", "family_id"),
    ("reviews_parent", "family_id"),
    ("reviews_child", "family_id"),
    ("subscriptions", "family_id"),
    ("payments", "family_id"),
    ("ticket_balances", "family_id"),
    ("points_transactions", "family_id"),
    ("referrals", "referrer_family_id"),
    ("referrals", "referred_family_id"),
)
_HELD = text(
    "SELECT f.stripe_customer_id IS NOT NULL OR "
    + " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {column} = f.id)" for table, column in _HOLDING)
    + " FROM families f WHERE f.id = :family"
)
_MOVE_LIKES = text("UPDATE likes SET family_id = :to WHERE family_id = :family")


async def accept(session: AsyncSession, actor: Actor, *, token: str, address: str, now: datetime) -> UUID:
    """Join the family of the link, once; whoever is in it already is simply there. Answers the family.

    An empty family of one's own is dissolved; one with children, bookings or money has to be left first.

    Raises: Unauthenticated, ParentApprovalRequired, Forbidden for others, RateLimited after guesses,
        LinkUnusable, InvitationExpired, FamilyExists, FamilyFull.
    """
    user_id = policies.require_parent(actor)
    await invitations.refuse_guesser(address)
    await lock_person(session, user_id)
    found = await invitations.by_token(session, token)
    if found is None:
        await invitations.wrong_entry(address)
        raise LinkUnusable
    target: UUID = found.family_id
    owned, joined = await _families_of(session, user_id)
    if target in {owned, joined}:
        return target
    await lock_families(session, [target, owned or target])
    found = await invitations.by_token(session, token)
    if found is None:
        raise LinkUnusable
    invitations.refuse_unusable(found, now)
    if joined is not None:
        raise FamilyExists
    await invitations.refuse_full(session, target)
    if owned is not None:
        await _dissolve(session, owned, into=target)
    session.add(FamilyGuardian(family_id=target, user_id=user_id, joined_at=now))
    used = update(FamilyInvitation).where(col(FamilyInvitation.id) == found.id)
    await run(session, used.values(used_by=user_id, used_at=now))
    await family_notices.guardian_joined(session, invitation_id=found.id, now=now)
    sessions.forget(user_id)
    return target


async def leave(session: AsyncSession, actor: Actor, family_id: UUID, *, now: datetime) -> None:
    """A co-guardian leaves, and the calendar address they know ends; the owner cannot.

    Raises: Unauthenticated, ParentApprovalRequired, FamilyNeeded, NotFound,
        Forbidden for the owner and others.
    """
    _refuse_staying(actor, family_id)
    user_id = _refuse_staying(await actors.held(session, actor, family_id), family_id)
    gone = delete(FamilyGuardian).where(
        col(FamilyGuardian.family_id) == family_id, col(FamilyGuardian.user_id) == user_id
    )
    await run(session, gone)
    await calendar.end_for(session, family_id)
    await sessions.end_child_mode(session, user_id, now=now)
    sessions.forget(user_id)


def _refuse_staying(actor: Actor, family_id: UUID) -> UUID:
    """The id of a co-guardian, who alone may leave; the policy's refusals for everybody else."""
    policies.require_guardian(actor)
    policies.require_member(actor, family_id)
    if actor.owns_family:
        raise Forbidden
    return policies.require_signed_in(actor)


async def _families_of(session: AsyncSession, user_id: UUID) -> tuple[UUID | None, UUID | None]:
    """The family a person owns and the one it joined, as they are under the person's lock."""
    owned = select(col(Family.id)).where(col(Family.parent_user_id) == user_id)
    joined = select(col(FamilyGuardian.family_id)).where(col(FamilyGuardian.user_id) == user_id)
    return (
        (await run(session, owned)).scalar_one_or_none(),
        (await run(session, joined)).scalar_one_or_none(),
    )


async def _dissolve(session: AsyncSession, family_id: UUID, *, into: UUID) -> None:
    connection = await session.connection()
    # Bookings and payments take a share of the row; nothing begins while it is looked at.
    await connection.execute(select(col(Family.id)).where(col(Family.id) == family_id).with_for_update())
    if (await connection.execute(_HELD, {"family": family_id})).scalar_one():
        raise FamilyExists
    await connection.execute(_MOVE_LIKES, {"family": family_id, "to": into})
    await connection.execute(delete(Family).where(col(Family.id) == family_id))
