"""Beginning a family, once for each guardian (R1), and the locks under which one changes."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import FamilyExists, NotFound
from naraigoto.models.accounts import User
from naraigoto.models.base import new_id
from naraigoto.models.families import Family, FamilyGuardian
from naraigoto.rules import FAMILY_CODE_ALPHABET, FAMILY_CODE_LENGTH, FAMILY_NAME_MAX
from naraigoto.services import sessions
from naraigoto.services.addresses import spaced
from naraigoto.services.families.reading import FamilyView, view


async def begin(session: AsyncSession, actor: Actor, *, name: str = "", now: datetime) -> FamilyView:
    """A guardian without a family begins one; again gives the same family.

    Raises: Unauthenticated, ParentApprovalRequired for a child, Forbidden for others, FamilyExists.
    """
    family = await create(session, policies.require_parent(actor), name=name, now=now)
    return await view(session, actor, family.id)


async def create(session: AsyncSession, user_id: UUID, *, name: str = "", now: datetime) -> Family:
    """The family of this guardian, made when there is none (R1). An empty name is filled in on screens.

    For a sign-up, where nobody is signed in yet; screens and routes call `begin`.

    Raises: FamilyExists for somebody who joined another guardian's family.
    """
    await lock_person(session, user_id)
    mine = select(col(Family.id)).where(col(Family.parent_user_id) == user_id)
    found = (await run(session, mine)).scalar_one_or_none()
    if found is None:
        joined = select(col(FamilyGuardian.family_id)).where(col(FamilyGuardian.user_id) == user_id)
        if (await run(session, joined)).first() is not None:
            raise FamilyExists
        found = await _insert(session, user_id, spaced(name)[:FAMILY_NAME_MAX], now)
        sessions.forget(user_id)
    return await session.get_one(Family, found)


async def lock_person(session: AsyncSession, user_id: UUID) -> None:
    """Only one transaction at a time changes to which family this person belongs. Comes before any family."""
    await run(session, select(col(User.id)).where(col(User.id) == user_id).with_for_update(key_share=True))


async def lock_families(session: AsyncSession, family_ids: Iterable[UUID]) -> None:
    """Only one transaction at a time changes who is in these families.

    Raises: NotFound when one of them is gone.
    """
    wanted = sorted(set(family_ids))
    rows = select(col(Family.id)).where(col(Family.id).in_(wanted)).order_by(col(Family.id))
    if len((await run(session, rows.with_for_update(key_share=True))).all()) < len(wanted):
        raise NotFound


async def run(session: AsyncSession, statement: Executable) -> Any:
    """Columns rather than rows of the session: read again after every lock."""
    await session.flush()
    return await (await session.connection()).execute(statement)


async def _insert(session: AsyncSession, user_id: UUID, name: str, now: datetime) -> UUID:
    while True:
        code = "".join(secrets.choice(FAMILY_CODE_ALPHABET) for _ in range(FAMILY_CODE_LENGTH))
        values = {"id": new_id(), "name": name, "parent_user_id": user_id, "family_code": code}
        made = await run(
            session,
            insert(Family)
            .values(**values, created_at=now)
            .on_conflict_do_nothing(index_elements=[col(Family.family_code)])
            .returning(col(Family.id)),
        )
        if (number := made.scalar_one_or_none()) is not None:
            return number
