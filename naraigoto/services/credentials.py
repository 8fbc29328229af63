"""Getting back in, and changing what one gets in with: passwords and addresses.

Where nobody is signed in, neither words nor time tell whether an address exists.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, func, select, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import CredentialsWrong, Forbidden, InvalidInput, LinkUnusable
from naraigoto.models.accounts import Identity, IdentityProvider, User
from naraigoto.rules import SIGN_UPS_OF_ADDRESS
from naraigoto.services import account_notices, joining, limits, links, passwords, proofs, sessions
from naraigoto.services.accounts import Known, Proof
from naraigoto.services.addresses import reachable, readable
from naraigoto.services.links import Purpose
from naraigoto.services.notifications import Kind
from naraigoto.services.sessions import Opened


@dataclass(frozen=True, slots=True)
class Own:
    """A person who is to prove their password, and what it must not be."""

    known: Known
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Renewed:
    """A new password in order: whose, the hash it takes the place of, and its own hash."""

    user_id: UUID
    old_hash: str
    new_hash: str


async def ask_reset(session: AsyncSession, *, email: str, address: str, now: datetime) -> None:
    """Mail a link to whoever has this address and a password of ours; nothing is told to who asks.

    Raises: InvalidInput for what is no address, RateLimited for who asks from `address`.
    """
    wanted = readable(email)
    if not reachable(wanted):
        raise InvalidInput(email="email" if wanted else "required")
    await limits.spend(SIGN_UPS_OF_ADDRESS, "reset", address)
    allowed = await joining.may_mail(Kind.PASSWORD_RESET, wanted)
    person = (
        select(col(User.id))
        .join(Identity, col(Identity.user_id) == col(User.id))
        .where(
            col(Identity.provider) == IdentityProvider.LOCAL,
            func.lower(col(User.email)) == wanted,
            col(User.deleted_at).is_(None),
            col(User.suspended_at).is_(None),
        )
    )
    user_id = (await _run(session, person)).scalar_one_or_none()
    if user_id is not None and allowed:
        await account_notices.promise(session, Kind.PASSWORD_RESET, user_id, now=now)


async def followed(session: AsyncSession, *, token: str, now: datetime) -> Own:
    """Whose password a reset link changes.

    Raises: LinkUnusable.
    """
    link = links.follow(Purpose.RESET, token, now=now)
    own = await _own(session, link.user_id)
    if own is None or not link.bound_to(own.email, own.known.secret_hash or ""):
        raise LinkUnusable
    return own


async def mine(session: AsyncSession, actor: Actor) -> Own:
    """The asker, before they prove their password.

    Raises: Unauthenticated, ParentApprovalRequired for a child, Forbidden without a password of ours.
    """
    own = await _own(session, policies.require_grown_up(actor))
    if own is None:
        raise Forbidden
    return own


async def renew(own: Own, password: str) -> Renewed:
    """Check and hash a new password. Slow on purpose, so hold no connection meanwhile.

    Raises: InvalidInput for a password that anybody would guess.
    """
    _refuse_weak(own, password)
    assert own.known.user_id is not None
    assert own.known.secret_hash is not None
    return Renewed(own.known.user_id, own.known.secret_hash, await passwords.hashed(password))


async def exchange(own: Own, *, current: str, password: str, address: str) -> Renewed:
    """Check a new password that takes the place of the current one, which is proved.

    Raises: InvalidInput for one that anybody would guess and for a wrong current one, RateLimited.
    """
    _refuse_weak(own, password)
    if password == current:
        raise InvalidInput(password="same")  # noqa: S106
    try:
        await proofs.prove(own.known, current, address=address)
    except CredentialsWrong as wrong:
        raise InvalidInput(current="wrong") from wrong
    return await renew(own, password)


async def reset(session: AsyncSession, renewed: Renewed, *, now: datetime) -> None:
    """Set the password of a followed link and end every session; the inbox is proved by the way.

    Raises: LinkUnusable when the link was used meanwhile.
    """
    if not await _set(session, renewed):
        raise LinkUnusable
    proved = {"email_verified_at": func.coalesce(col(User.email_verified_at), now), "pending_email": None}
    await _run(session, update(User).where(col(User.id) == renewed.user_id).values(proved))
    await account_notices.promise(session, Kind.PASSWORD_CHANGED, renewed.user_id, now=now)
    await sessions.revoke_all(session, renewed.user_id, now=now)


async def change_password(session: AsyncSession, actor: Actor, renewed: Renewed, *, now: datetime) -> Opened:
    """Set one's new password; every other session ends, and this one gets a new secret for its cookie.

    A wish for another address is dropped with it: whoever made it may have been the reason.

    Raises: Unauthenticated, ParentApprovalRequired, CredentialsWrong when the password changed meanwhile.
    """
    user_id = policies.require_grown_up(actor)
    if user_id != renewed.user_id or not await _set(session, renewed):
        raise CredentialsWrong
    await _run(session, update(User).where(col(User.id) == user_id).values(pending_email=None))
    await account_notices.promise(session, Kind.PASSWORD_CHANGED, user_id, now=now)
    await sessions.revoke_all(session, user_id, except_id=actor.session_id, now=now)
    return await sessions.rotate(session, actor, now=now)


async def prove_for_change(own: Own, *, email: str, password: str, address: str) -> Proof:
    """Before an address is changed: the new one is an address, and the password is right.

    Raises: InvalidInput for either, RateLimited.
    """
    wanted = readable(email)
    if not reachable(wanted):
        raise InvalidInput(email="email" if wanted else "required")
    if wanted == readable(own.email):
        raise InvalidInput(email="same")
    try:
        proof = await proofs.prove(own.known, password, address=address)
    except CredentialsWrong as wrong:
        raise InvalidInput(password="wrong") from wrong  # noqa: S106
    for counted in (str(proof.user_id), wanted):
        await joining.spend_mail(Kind.EMAIL_CHANGE, counted)
    return proof


async def change_email(
    session: AsyncSession, actor: Actor, proof: Proof, *, email: str, now: datetime
) -> None:
    """Wish for another address: it gets a link, the present one the news. Until then nothing changes.

    An address that somebody else has gets no link, and nobody is told (the answer is the same).

    Raises: Unauthenticated, ParentApprovalRequired, CredentialsWrong when the password changed meanwhile.
    """
    user_id = policies.require_grown_up(actor)
    own = await _own(session, user_id)
    if own is None or (proof.user_id, proof.secret_hash) != (user_id, own.known.secret_hash):
        raise CredentialsWrong
    await _run(session, update(User).where(col(User.id) == user_id).values(pending_email=readable(email)))
    await account_notices.promise(session, Kind.EMAIL_CHANGED, user_id, now=now)
    await account_notices.promise(session, Kind.EMAIL_CHANGE, user_id, now=now)


def _refuse_weak(own: Own, password: str) -> None:
    if weakness := passwords.weakness(password, own=(own.email, own.name)):
        raise InvalidInput(password=weakness)


async def _own(session: AsyncSession, user_id: UUID) -> Own | None:
    known = await proofs.person(session, user_id)
    found = select(col(User.email), col(User.name)).where(col(User.id) == user_id)
    row = (await _run(session, found)).one_or_none()
    if row is None or row.email is None or known.secret_hash is None:
        return None
    return Own(known, row.email, row.name)


async def _set(session: AsyncSession, renewed: Renewed) -> bool:
    """Put the new hash in the place of the old one; False when that has changed."""
    changed = await _run(
        session,
        update(Identity)
        .where(
            col(Identity.user_id) == renewed.user_id,
            col(Identity.provider) == IdentityProvider.LOCAL,
            col(Identity.secret_hash) == renewed.old_hash,
        )
        .values(secret_hash=renewed.new_hash),
    )
    return changed.rowcount == 1


async def _run(session: AsyncSession, statement: Executable) -> Any:
    await session.flush()
    return await (await session.connection()).execute(statement)
