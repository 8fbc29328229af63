"""Children of a family: a place of their own, kept by the owner guardian (D9, D17)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import FamilyFull, Forbidden, InvalidInput, NotFound
from naraigoto.models.accounts import User, UserType
from naraigoto.models.base import new_id
from naraigoto.models.families import FamilyGuardian, FamilyMember
from naraigoto.models.privacy import Consent, ConsentDocument
from naraigoto.rules import CHILD_PROFILE_VERSION, CHILDREN_MAX, ERASE_AFTER, LOGIN_NAME_MAX
from naraigoto.services import actors, bookings, calendar, passwords, sessions
from naraigoto.services.families.child_form import ChildForm, checked
from naraigoto.services.families.making import run
from naraigoto.services.families.reading import Person


async def consented(session: AsyncSession, actor: Actor) -> bool:
    """True when the asker agreed to the present words about children's profiles (D17).

    Raises: Unauthenticated.
    """
    user_id = policies.require_signed_in(actor)
    given = select(col(Consent.id)).where(
        col(Consent.user_id) == user_id,
        col(Consent.document) == ConsentDocument.CHILD_PROFILE,
        col(Consent.version) == CHILD_PROFILE_VERSION,
    )
    return (await run(session, given)).first() is not None


async def add_child(
    session: AsyncSession, actor: Actor, family_id: UUID, child: ChildForm, *, now: datetime
) -> Person:
    """Give a child a place of its own. Whoever adds one agrees to the words about profiles (D17), once noted.

    Raises: Unauthenticated, ParentApprovalRequired, FamilyNeeded, NotFound, Forbidden for co-guardians,
        InvalidInput, FamilyFull.
    """
    policies.require_owner_guardian(actor, family_id)
    values = checked(child, now, needed=("name", "login_name", "passcode"))
    secret = await passwords.hashed(values["passcode"])
    policies.require_owner_guardian(await actors.held(session, actor, family_id), family_id)
    count = select(func.count()).select_from(User).where(_child_of(family_id))
    if (await run(session, count)).scalar_one() >= CHILDREN_MAX:
        raise FamilyFull(limit=CHILDREN_MAX)
    await _refuse_taken(session, family_id, values["login_name"])
    user = User(id=new_id(), type=UserType.CHILD, name=values["name"], created_at=now)
    session.add(user)
    await session.flush()
    session.add(
        FamilyMember(
            family_id=family_id,
            user_id=user.id,
            login_name=values["login_name"],
            passcode_hash=secret,
            birth_month=values.get("birth_date"),
            interests=values.get("interests", ""),
            created_at=now,
        )
    )
    await _consent(session, actor, now)
    return await _person(session, family_id, user.id)


async def change_child(
    session: AsyncSession,
    actor: Actor,
    family_id: UUID,
    user_id: UUID,
    child: ChildForm,
    *,
    now: datetime,
) -> Person:
    """Change what is written about a child; a new passcode ends its sessions everywhere.

    Raises: Unauthenticated, ParentApprovalRequired, FamilyNeeded, NotFound, Forbidden for co-guardians,
        InvalidInput.
    """
    policies.require_owner_guardian(actor, family_id)
    values = checked(child, now, known=await _person(session, family_id, user_id))
    secret = await passwords.hashed(values["passcode"]) if "passcode" in values else None
    policies.require_owner_guardian(await actors.held(session, actor, family_id), family_id)
    await _person(session, family_id, user_id)  # not removed meanwhile
    if "login_name" in values:
        await _refuse_taken(session, family_id, values["login_name"], but=user_id)
    columns = {
        "login_name": values.get("login_name"),
        "passcode_hash": secret,
        "birth_month": values.get("birth_date"),
        "interests": values.get("interests"),
    }
    if changed := {name: value for name, value in columns.items() if value is not None}:
        await run(session, update(FamilyMember).where(col(FamilyMember.user_id) == user_id).values(**changed))
    if "name" in values:
        await run(session, update(User).where(col(User.id) == user_id).values(name=values["name"]))
    if secret is not None:
        await sessions.revoke_all(session, user_id, now=now)
    return await _person(session, family_id, user_id)


async def remove(
    session: AsyncSession, actor: Actor, family_id: UUID, user_id: UUID, *, now: datetime
) -> None:
    """Take a child or a co-guardian out.

    A child can no longer sign in, its coming lessons are cancelled, and it is erased after 30 days (D17).
    With a co-guardian goes the calendar address that they know.

    Raises: Unauthenticated, ParentApprovalRequired, FamilyNeeded, NotFound,
        Forbidden for co-guardians and for the owner itself.
    """
    policies.require_owner_guardian(actor, family_id)
    if user_id == actor.user_id:
        raise Forbidden
    policies.require_owner_guardian(await actors.held(session, actor, family_id), family_id)
    joined = delete(FamilyGuardian).where(
        col(FamilyGuardian.family_id) == family_id, col(FamilyGuardian.user_id) == user_id
    )
    if (await run(session, joined)).rowcount:
        await calendar.end_for(session, family_id)
        await sessions.end_child_mode(session, user_id, now=now)
        sessions.forget(user_id)
        return
    await _person(session, family_id, user_id)
    await bookings.release_children(session, [user_id], now=now)
    gone = update(User).where(col(User.id) == user_id)
    await run(session, gone.values(deleted_at=now, erase_after=now + ERASE_AFTER))
    # The name is free again for a child that comes instead.
    free = update(FamilyMember).where(col(FamilyMember.user_id) == user_id)
    await run(session, free.values(login_name=f"-{user_id.hex[-(LOGIN_NAME_MAX - 1) :]}"))
    await sessions.revoke_all(session, user_id, now=now)


def _child_of(family_id: UUID) -> Any:
    mine = select(col(FamilyMember.user_id)).where(col(FamilyMember.family_id) == family_id)
    return col(User.id).in_(mine) & col(User.deleted_at).is_(None)


async def _person(session: AsyncSession, family_id: UUID, user_id: UUID) -> Person:
    """A child of the family.

    Raises: NotFound.
    """
    found = await run(
        session,
        select(
            col(User.id),
            col(User.type),
            col(User.name),
            col(FamilyMember.login_name),
            col(FamilyMember.birth_month),
            col(FamilyMember.interests),
        )
        .join(FamilyMember, col(FamilyMember.user_id) == col(User.id))
        .where(_child_of(family_id), col(User.id) == user_id),
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return Person(*row)


async def _refuse_taken(
    session: AsyncSession, family_id: UUID, login_name: str, *, but: UUID | None = None
) -> None:
    same = select(col(FamilyMember.user_id)).where(
        col(FamilyMember.family_id) == family_id,
        func.lower(col(FamilyMember.login_name)) == func.lower(login_name),
        col(FamilyMember.user_id).is_distinct_from(but),
    )
    if (await run(session, same)).first() is not None:
        raise InvalidInput(login_name="login_name_taken")


async def _consent(session: AsyncSession, actor: Actor, now: datetime) -> None:
    values = {
        "id": new_id(),
        "user_id": actor.user_id,
        "document": ConsentDocument.CHILD_PROFILE,
        "version": CHILD_PROFILE_VERSION,
        "created_at": now,
    }
    await run(session, insert(Consent).values(**values).on_conflict_do_nothing())
