"""People and their sign-in (contract.md §5): local passwords, children's passcodes, who am I."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, func, select, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import CredentialsWrong, InvalidInput, Unauthenticated
from naraigoto.models.accounts import Identity, IdentityProvider, User, UserType
from naraigoto.models.base import new_id
from naraigoto.models.families import Family, FamilyMember
from naraigoto.rules import PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN
from naraigoto.services import passwords, sessions
from naraigoto.services.actors import actor_for

__all__ = ["LOCAL_ISSUER", "Me", "SignedIn", "actor_for", "create_admin", "me", "sign_in", "sign_in_child"]

LOCAL_ISSUER = ""
_NAME_MAX = 40


@dataclass(frozen=True, slots=True)
class Me:
    """What a person sees of their own account."""

    id: UUID
    type: UserType
    name: str
    email: str | None
    family_id: UUID | None
    school_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session; `session_token` goes into the cookie and nowhere else."""

    user: Me
    session_id: UUID
    session_token: str


async def sign_in(
    session: AsyncSession, *, email: str, password: str, user_agent: str = "", now: datetime
) -> SignedIn:
    """Sign in a guardian, school or admin by e-mail and password.

    Raises: CredentialsWrong, whatever was wrong (suspended and deleted people too).
    """
    address = _plain(email).lower()
    stored = (
        select(col(User.id), col(Identity.id), col(Identity.secret_hash))
        .join(Identity, col(Identity.user_id) == col(User.id))
        .where(
            col(Identity.provider) == IdentityProvider.LOCAL,
            func.lower(col(User.email)) == address,
            col(User.suspended_at).is_(None),
            col(User.deleted_at).is_(None),
        )
    )
    user_id, identity_id, renewed = await _prove(session, stored, password)
    if renewed:
        await _run(
            session, update(Identity).where(col(Identity.id) == identity_id).values(secret_hash=renewed)
        )
    return await _open(session, user_id, user_agent, now)


async def sign_in_child(
    session: AsyncSession,
    *,
    family_code: str,
    login_name: str,
    passcode: str,
    user_agent: str = "",
    now: datetime,
) -> SignedIn:
    """Sign in a child by family code, login name and passcode (G2).

    Raises: CredentialsWrong, whatever was wrong.
    """
    code, name = _plain(family_code).upper(), _plain(login_name).lower()
    stored = (
        select(col(User.id), col(User.id), col(FamilyMember.passcode_hash))
        .join(FamilyMember, col(FamilyMember.user_id) == col(User.id))
        .join(Family, col(Family.id) == col(FamilyMember.family_id))
        .where(
            col(Family.family_code) == code,
            func.lower(col(FamilyMember.login_name)) == name,
            col(User.suspended_at).is_(None),
            col(User.deleted_at).is_(None),
        )
    )
    user_id, _, renewed = await _prove(session, stored, passcode)
    if renewed:
        mine = col(FamilyMember.user_id) == user_id
        await _run(session, update(FamilyMember).where(mine).values(passcode_hash=renewed))
    return await _open(session, user_id, user_agent, now)


async def me(session: AsyncSession, actor: Actor) -> Me:
    """The asker's own account.

    Raises: Unauthenticated.
    """
    user_id = policies.require_signed_in(actor)
    user = await session.get(User, user_id)
    if user is None:
        raise Unauthenticated
    return Me(
        id=user.id,
        type=user.type,
        name=user.name,
        email=user.email,
        family_id=actor.family_id,
        school_ids=tuple(sorted(actor.school_ids)),
    )


async def create_admin(session: AsyncSession, *, email: str, name: str, password: str, now: datetime) -> User:
    """Make an admin who can sign in; only the operator's command line does this.

    Raises: InvalidInput for an address in use or a value no rule accepts.
    """
    address = _plain(email).lower()
    await _refuse_bad_admin(session, address, _plain(name), password)
    user = User(
        id=new_id(),
        type=UserType.ADMIN,
        email=address,
        name=_plain(name),
        email_verified_at=now,
        created_at=now,
    )
    session.add(user)
    await session.flush()
    secret = await passwords.hashed(password)
    session.add(
        Identity(
            user_id=user.id,
            provider=IdentityProvider.LOCAL,
            issuer=LOCAL_ISSUER,
            subject=str(user.id),
            secret_hash=secret,
            created_at=now,
        )
    )
    await session.flush()
    return user


async def _refuse_bad_admin(session: AsyncSession, address: str, name: str, password: str) -> None:
    local, _, domain = address.partition("@")
    if not local or "." not in domain.strip(".") or " " in address or len(address) > 254:
        raise InvalidInput(email="email")
    if not 1 <= len(name) <= _NAME_MAX:
        raise InvalidInput(name="required")
    if not PASSWORD_LENGTH_MIN <= len(password) <= PASSWORD_LENGTH_MAX:
        raise InvalidInput(password="too_short" if len(password) < PASSWORD_LENGTH_MIN else "too_long")
    taken = select(col(User.id)).where(func.lower(col(User.email)) == address)
    if (await _run(session, taken)).first() is not None:
        raise InvalidInput(email="taken")


async def _prove(session: AsyncSession, stored: Executable, secret: str) -> tuple[UUID, UUID, str]:
    """The (user, row) whose secret this is, and a new hash when the stored one is outdated."""
    row = (await _run(session, stored)).first()
    user_id, row_id, known = row if row is not None else (None, None, None)
    # A secret that is too long is never hashed, but the answer takes as long.
    usable = len(secret) <= PASSWORD_LENGTH_MAX
    right = await passwords.verified(known if usable else None, secret if usable else "")
    if not right or user_id is None or row_id is None:
        raise CredentialsWrong
    renewed = await passwords.hashed(secret) if passwords.outdated(str(known)) else ""
    return user_id, row_id, renewed


async def _run(session: AsyncSession, statement: Executable) -> Any:
    return await (await session.connection()).execute(statement)


async def _open(session: AsyncSession, user_id: UUID, user_agent: str, now: datetime) -> SignedIn:
    opened = await sessions.create(session, user_id, user_agent=user_agent, now=now)
    person = await me(session, await actor_for(session, user_id))
    return SignedIn(person, opened.id, opened.token)


def _plain(value: str) -> str:
    """Full-width letters folded, spaces around gone; empty when it holds what no name or address holds."""
    folded = unicodedata.normalize("NFKC", value).strip()
    return folded if folded.isprintable() else ""
