"""People and their sign-in (contract.md §5): local passwords, children's passcodes, who am I."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, Select, func, select, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import CredentialsWrong, InvalidInput, Unauthenticated
from naraigoto.models.accounts import Identity, IdentityProvider, User, UserType
from naraigoto.models.base import new_id
from naraigoto.models.families import Family, FamilyMember
from naraigoto.rules import PASSWORD_LENGTH_MAX
from naraigoto.services import passwords, sessions
from naraigoto.services.actors import actor_for
from naraigoto.services.addresses import reachable, readable, tidy, tidy_name

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
class Known:
    """Whom a sign-in named and the hash that their secret must fit; both None for nobody.

    `account` is the name as it was given, under which wrong tries are counted (services/proofs).
    """

    column: Any
    user_id: UUID | None = None
    secret_hash: str | None = None
    account: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """Who knew the secret of the hash in `column`; `renewed` replaces a hash of older parameters."""

    user_id: UUID
    secret_hash: str
    column: Any
    renewed: str | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session; `session_token` goes into the cookie and nowhere else."""

    user: Me
    session_id: UUID
    session_token: str


async def known_by_email(session: AsyncSession, *, email: str) -> Known:
    """The guardian, school or admin of an address; nobody for suspended and deleted people."""
    account = readable(email)
    stored = _passwords().where(func.lower(col(User.email)) == account)
    return await _known(session, stored, col(Identity.secret_hash), account)


async def known_by_id(session: AsyncSession, user_id: UUID) -> Known:
    """A grown-up who is to prove once more who they are; their tries count with those of the sign-in."""
    address = (await _run(session, select(col(User.email)).where(col(User.id) == user_id))).scalar()
    stored = _passwords().where(col(User.id) == user_id)
    return await _known(session, stored, col(Identity.secret_hash), readable(address or str(user_id)))


async def known_by_login_name(session: AsyncSession, *, family_code: str, login_name: str) -> Known:
    """The child of a family code and a login name (G2); nobody for suspended and deleted children."""
    code, name = tidy(family_code).upper(), tidy(login_name).lower()
    stored = (
        select(col(User.id), col(FamilyMember.passcode_hash))
        .join(FamilyMember, col(FamilyMember.user_id) == col(User.id))
        .join(Family, col(Family.id) == col(FamilyMember.family_id))
        .where(col(Family.family_code) == code, func.lower(col(FamilyMember.login_name)) == name)
    )
    return await _known(session, stored, col(FamilyMember.passcode_hash), f"{code}/{name}")


async def prove(known: Known, secret: str) -> Proof:
    """Whose secret this is. Slow on purpose, so no connection is held meanwhile.

    Raises: CredentialsWrong, whatever was wrong.
    """
    # A secret that is too long is never hashed, but the answer takes as long.
    usable = len(secret) <= PASSWORD_LENGTH_MAX
    right = await passwords.verified(known.secret_hash if usable else None, secret if usable else "")
    if not right or known.user_id is None or known.secret_hash is None:
        raise CredentialsWrong
    renewed = await passwords.hashed(secret) if passwords.outdated(known.secret_hash) else None
    return Proof(known.user_id, known.secret_hash, known.column, renewed)


async def sign_in(session: AsyncSession, proof: Proof, *, user_agent: str = "", now: datetime) -> SignedIn:
    """Sign a device in; an outdated hash is renewed.

    Raises: CredentialsWrong when the secret was changed or the person suspended since the proof.
    """
    mine = (proof.column.class_.user_id == proof.user_id, proof.column == proof.secret_hash)
    if (
        await _run(session, select(proof.column).where(*mine).with_for_update(key_share=True))
    ).first() is None:
        raise CredentialsWrong
    if proof.renewed:
        await _run(session, update(proof.column.class_).where(*mine).values({proof.column: proof.renewed}))
    actor = await actor_for(session, proof.user_id)
    if not actor.signed_in:
        raise CredentialsWrong
    opened = await sessions.create(session, proof.user_id, user_agent=user_agent, now=now)
    return SignedIn(await me(session, actor), opened.id, opened.token)


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
    address = readable(email)
    await _refuse_bad_admin(session, address, tidy_name(name), password)
    user = User(
        id=new_id(),
        type=UserType.ADMIN,
        email=address,
        name=tidy_name(name),
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
    if not reachable(address):
        raise InvalidInput(email="email")
    if not 1 <= len(name) <= _NAME_MAX:
        raise InvalidInput(name="required")
    if weakness := passwords.weakness(password, own=(address, name)):
        raise InvalidInput(password=weakness)
    taken = select(col(User.id)).where(func.lower(col(User.email)) == address)
    if (await _run(session, taken)).first() is not None:
        raise InvalidInput(email="taken")


def _passwords() -> Select[Any, Any]:
    return (
        select(col(User.id), col(Identity.secret_hash))
        .join(Identity, col(Identity.user_id) == col(User.id))
        .where(col(Identity.provider) == IdentityProvider.LOCAL)
    )


async def _known(session: AsyncSession, stored: Select[*tuple[Any, ...]], column: Any, account: str) -> Known:
    may_act = stored.where(col(User.suspended_at).is_(None), col(User.deleted_at).is_(None))
    row = (await _run(session, may_act)).first()
    return Known(column, *(row or ()), account=account)


async def _run(session: AsyncSession, statement: Executable) -> Any:
    return await (await session.connection()).execute(statement)
