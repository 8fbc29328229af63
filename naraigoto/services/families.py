"""Families and the children in them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.models.accounts import User
from naraigoto.models.families import FamilyMember


@dataclass(frozen=True, slots=True)
class ChildRow:
    """A child of the family."""

    user_id: UUID
    name: str
    birth_month: date | None


async def children(session: AsyncSession, actor: Actor) -> list[ChildRow]:
    """The children of the asker's family, the eldest first.

    Raises: Unauthenticated, ParentApprovalRequired for a child, Forbidden for people without a family.
    """
    family_id = policies.require_guardian(actor)
    found = await (await session.connection()).execute(
        select(col(User.id), col(User.name), col(FamilyMember.birth_month))
        .join(FamilyMember, col(FamilyMember.user_id) == col(User.id))
        .where(col(FamilyMember.family_id) == family_id, col(User.deleted_at).is_(None))
        .order_by(col(FamilyMember.birth_month).nulls_last(), col(User.id))
    )
    return [ChildRow(*row) for row in found]


async def own_name(session: AsyncSession, actor: Actor) -> str:
    """What the asking child is called.

    Raises: Unauthenticated, Forbidden for grown-ups.
    """
    user_id = policies.require_child(actor)
    statement = select(col(User.name)).where(col(User.id) == user_id)
    return (await (await session.connection()).execute(statement)).scalar_one()
