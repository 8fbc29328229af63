"""From a user to an Actor: family, ownership and schools in one query."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.models.accounts import User
from naraigoto.models.families import Family, FamilyGuardian, FamilyMember
from naraigoto.models.schools import SchoolMember

_SCHOOLS = (
    select(func.array_agg(col(SchoolMember.school_id)))
    .where(col(SchoolMember.user_id) == col(User.id))
    .correlate(User)
    .scalar_subquery()
)


def of_users(*more: Any) -> Select[Any]:
    """Select what `from_row` needs of people who may act (not suspended, not deleted), and `more`."""
    return (
        select(
            col(User.id),
            col(User.type),
            col(Family.id).label("owned"),
            col(FamilyGuardian.family_id).label("joined"),
            col(FamilyMember.family_id).label("born"),
            _SCHOOLS.label("schools"),
            col(User.email_verified_at).is_not(None).label("verified"),
            *more,
        )
        .select_from(User)
        .outerjoin(Family, col(Family.parent_user_id) == col(User.id))
        .outerjoin(FamilyGuardian, col(FamilyGuardian.user_id) == col(User.id))
        .outerjoin(FamilyMember, col(FamilyMember.user_id) == col(User.id))
        .where(col(User.suspended_at).is_(None), col(User.deleted_at).is_(None))
    )


def from_row(row: Row[Any]) -> Actor:
    """The Actor of a row of `of_users`."""
    return Actor(
        user_id=row.id,
        type=row.type,
        family_id=row.owned or row.joined or row.born,
        owns_family=row.owned is not None,
        school_ids=frozenset(row.schools or ()),
        verified=row.verified,
    )


async def actor_for(session: AsyncSession, user_id: UUID) -> Actor:
    """The Actor of a user; ANONYMOUS when there is none who may act."""
    found = await (await session.connection()).execute(of_users().where(col(User.id) == user_id))
    row = found.one_or_none()
    return from_row(row) if row is not None else ANONYMOUS


async def held(session: AsyncSession, actor: Actor, family_id: UUID) -> Actor:
    """The asker as they are once they and this family are held until the transaction ends.

    Whoever waited for a removal or a closing may be out of the family by then, so the policy is asked again.
    The person is held before the family, as everywhere.
    """
    await session.flush()
    connection = await session.connection()
    person = select(col(User.id)).where(col(User.id) == actor.user_id)
    await connection.execute(person.with_for_update(read=True, key_share=True))
    family = select(col(Family.id)).where(col(Family.id) == family_id)
    await connection.execute(family.with_for_update(key_share=True))
    return await actor_for(session, actor.user_id) if actor.user_id else ANONYMOUS
