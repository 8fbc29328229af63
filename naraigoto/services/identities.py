"""People who come through an identity provider: known, new, or joined to their account by proof."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Executable, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import ANONYMOUS, Actor
from naraigoto.adapters.identity.claims import Person
from naraigoto.errors import CredentialsWrong, Forbidden, InvalidInput, LinkNeeded
from naraigoto.models.accounts import Identity, IdentityProvider, Session, User, UserType
from naraigoto.models.base import new_id
from naraigoto.rules import CLOCK_LEEWAY
from naraigoto.services import account_notices, accounts, consents, families, notifications, sessions
from naraigoto.services.accounts import Proof, SignedIn
from naraigoto.services.actors import actor_for
from naraigoto.services.addresses import reachable, readable, tidy_name

# What somebody may become at their first sign-in. Nobody ever becomes an admin by a provider's word.
Kind = Literal["parent", "school_owner"]
_SCHOOL_GROUP = "school_owner"
_NAME_MAX = 40


@dataclass(frozen=True, slots=True)
class Arrival:
    """A sign-in through a provider; `new` when it was the first one."""

    done: SignedIn
    new: bool


async def arrive(
    session: AsyncSession, person: Person, *, kind: Kind, user_agent: str, now: datetime
) -> Arrival:
    """Sign in whom the provider vouches for; the first time, an account is made (a family for parents).

    Raises: LinkNeeded when the address has an account already, InvalidInput without a usable address,
        Forbidden for suspended and deleted people.
    """
    await _alone(session, person.issuer, person.subject)
    identity = await _identity(session, person.issuer, person.subject)
    new = identity is None
    user_id, identity_id = identity or await _provision(session, person, kind, now)
    actor = await actor_for(session, user_id)
    if not actor.signed_in:
        raise Forbidden
    opened = await sessions.create(session, user_id, user_agent=user_agent, identity_id=identity_id, now=now)
    return Arrival(SignedIn(await accounts.me(session, actor), opened.id, opened.token), new)


async def link(
    session: AsyncSession, person: Person, proof: Proof, *, user_agent: str, now: datetime
) -> SignedIn:
    """Join the provider's person to the account whose password was proved, and sign in. Twice is once.

    Raises: CredentialsWrong when the proof is no longer good or the person belongs to another account.
    """
    await _alone(session, person.issuer, person.subject)
    done = await accounts.sign_in(session, proof, user_agent=user_agent, now=now)
    identity = await _identity(session, person.issuer, person.subject)
    if identity is not None and identity[0] != proof.user_id:
        raise CredentialsWrong
    identity_id = identity[1] if identity else await _keep(session, person, proof.user_id, now)
    if person.email_verified and readable(person.email) == readable(done.user.email or ""):
        proved = (col(User.id) == proof.user_id, col(User.email_verified_at).is_(None))
        await _run(session, update(User).where(*proved).values(email_verified_at=now))
    mine = col(Session.id) == done.session_id
    await _run(session, update(Session).where(mine).values(identity_id=identity_id))
    return done


def refuse_stale(person: Person, *, began_at: datetime) -> None:
    """Where the person had to prove themselves anew: the provider says they did, after we asked.

    Raises: CredentialsWrong.
    """
    earliest = int((began_at - CLOCK_LEEWAY).timestamp())
    if person.signed_in_at is None or person.signed_in_at < earliest:
        raise CredentialsWrong


async def holder(session: AsyncSession, issuer: str, subject: str) -> Actor:
    """Who holds an access token of the provider; ANONYMOUS for somebody who never signed in here."""
    identity = await _identity(session, issuer, subject)
    return await actor_for(session, identity[0]) if identity else ANONYMOUS


async def _provision(session: AsyncSession, person: Person, kind: Kind, now: datetime) -> tuple[UUID, UUID]:
    address = readable(person.email)
    if not reachable(address):
        raise InvalidInput(email="email")
    taken = select(col(User.id)).where(func.lower(col(User.email)) == address)
    if (await _run(session, taken)).first() is not None:
        raise LinkNeeded
    chosen = UserType.SCHOOL_OWNER if _SCHOOL_GROUP in person.groups else UserType(kind)
    user = User(
        id=new_id(),
        type=chosen,
        email=address,
        name=tidy_name(person.name)[:_NAME_MAX] or address.partition("@")[0][:_NAME_MAX],
        email_verified_at=now if person.email_verified else None,
        created_at=now,
    )
    try:
        async with session.begin_nested():
            session.add(user)
    except IntegrityError as lost:  # somebody signed up with the address meanwhile
        raise LinkNeeded from lost
    identity_id = await _keep(session, person, user.id, now)
    await consents.record_sign_up(session, user.id, now=now)
    if not person.email_verified:
        await account_notices.promise(session, notifications.Kind.EMAIL_VERIFICATION, user.id, now=now)
    if chosen is UserType.PARENT:
        await families.create(session, user.id, now=now)
    return user.id, identity_id


async def _keep(session: AsyncSession, person: Person, user_id: UUID, now: datetime) -> UUID:
    identity = Identity(
        user_id=user_id,
        provider=IdentityProvider.OIDC,
        issuer=person.issuer,
        subject=person.subject,
        created_at=now,
    )
    session.add(identity)
    await session.flush()
    return identity.id


async def _identity(session: AsyncSession, issuer: str, subject: str) -> tuple[UUID, UUID] | None:
    statement = select(col(Identity.user_id), col(Identity.id)).where(
        col(Identity.provider) == IdentityProvider.OIDC,
        col(Identity.issuer) == issuer,
        col(Identity.subject) == subject,
    )
    row = (await _run(session, statement)).one_or_none()
    return (row[0], row[1]) if row is not None else None


async def _alone(session: AsyncSession, issuer: str, subject: str) -> None:
    """Two sign-ins of one person at once come one after the other, so that they make one account."""
    digest = hashlib.sha256(f"{issuer}\0{subject}".encode()).digest()
    key = int.from_bytes(digest[:8], "big", signed=True)
    await _run(session, text("SELECT pg_advisory_xact_lock(:key)").bindparams(key=key))


async def _run(session: AsyncSession, statement: Executable) -> Any:
    return await (await session.connection()).execute(statement)
