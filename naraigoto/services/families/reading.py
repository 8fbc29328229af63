"""Who is in a family, and what each of them may know of the others."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, null, or_, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.models.accounts import User, UserType
from naraigoto.models.families import Family, FamilyGuardian, FamilyMember


@dataclass(frozen=True, slots=True)
class ChildRow:
    """A child of the family."""

    user_id: UUID
    name: str
    birth_month: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the family; a child's way in and birth month are for guardians' eyes."""

    user_id: UUID
    type: UserType
    name: str
    login_name: str | None = None
    birth_month: date | None = None
    interests: str | None = None


@dataclass(frozen=True, slots=True)
class FamilyView:
    """A family as one of its members sees it: guardians first, the owner before the others."""

    id: UUID
    name: str
    family_code: str
    owner_id: UUID
    people: tuple[Person, ...]

    @property
    def owner_name(self) -> str:
        """What the owner guardian is called."""
        return next((person.name for person in self.people if person.user_id == self.owner_id), "")


async def get(session: AsyncSession, actor: Actor, family_id: UUID) -> FamilyView:
    """The asker's own family.

    Raises: Unauthenticated, NotFound for another family, Forbidden for people who never have one.
    """
    policies.require_member(actor, family_id)
    return await view(session, actor, family_id)


async def own(session: AsyncSession, actor: Actor) -> FamilyView:
    """The family of a guardian, for its page.

    Raises: Unauthenticated, ParentApprovalRequired for a child, FamilyNeeded, Forbidden for others.
    """
    return await view(session, actor, policies.require_guardian(actor))


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


async def view(session: AsyncSession, actor: Actor, family_id: UUID) -> FamilyView:
    """The family as this member sees it; callers have asked the policy."""
    connection = await session.connection()
    family = (await connection.execute(select(Family).where(col(Family.id) == family_id))).one()
    rows = [*await connection.execute(_guardians(family_id)), *await connection.execute(_children(family_id))]
    told = policies.sees_children_closely(actor)
    people = tuple(Person(*(row if told else row[:3])) for row in rows)
    return FamilyView(family.id, family.name, family.family_code, family.parent_user_id, people)


def _guardians(family_id: UUID) -> Select[*tuple[Any, ...]]:
    owner = select(col(Family.parent_user_id)).where(col(Family.id) == family_id).scalar_subquery()
    joined = select(col(FamilyGuardian.user_id)).where(col(FamilyGuardian.family_id) == family_id)
    nothing = (null().label("login_name"), null().label("birth_month"), null().label("interests"))
    return (
        select(col(User.id), col(User.type), col(User.name), *nothing)
        .where(or_(col(User.id) == owner, col(User.id).in_(joined)), col(User.deleted_at).is_(None))
        .order_by((col(User.id) != owner), col(User.id))
    )


def _children(family_id: UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(User.id),
            col(User.type),
            col(User.name),
            col(FamilyMember.login_name),
            col(FamilyMember.birth_month),
            col(FamilyMember.interests),
        )
        .join(FamilyMember, col(FamilyMember.user_id) == col(User.id))
        .where(col(FamilyMember.family_id) == family_id, col(User.deleted_at).is_(None))
        .order_by(col(FamilyMember.birth_month).nulls_last(), col(User.id))
    )
