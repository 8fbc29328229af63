"""Joining: signing up, and proving that an address is one's own (contract.md §5, D17)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import EmailTaken, InvalidInput, LinkUnusable, RateLimited
from naraigoto.models.accounts import Identity, IdentityProvider, User, UserType
from naraigoto.models.base import new_id
from naraigoto.rules import MAILS_TO_ACCOUNT, NICKNAME_MAX, SIGN_UPS_OF_ADDRESS
from naraigoto.services import (
    account_notices,
    accounts,
    consents,
    families,
    limits,
    links,
    passwords,
    referrals,
    sessions,
)
from naraigoto.services.accounts import SignedIn
from naraigoto.services.actors import actor_for
from naraigoto.services.addresses import reachable, readable, tidy_name
from naraigoto.services.links import Purpose
from naraigoto.services.notifications import Kind


@dataclass(frozen=True, slots=True)
class SignUp:
    """What somebody asks for who wants to join; `agreed` to terms and privacy notice."""

    email: str
    password: str
    name: str
    type: UserType
    agreed: bool = True
    referral_code: str = ""
    invitation: str = ""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A sign-up in order, its password hashed. Whether the address is free is seen when it is written."""

    wish: SignUp
    secret_hash: str
    address: str


async def prepare(wish: SignUp, *, address: str) -> Newcomer:
    """Check and hash what was asked for from `address`. Slow on purpose, so hold no connection meanwhile.

    Raises: InvalidInput with every field that is wrong, RateLimited.
    """
    given = SignUp(
        readable(wish.email),
        wish.password,
        tidy_name(wish.name),
        wish.type,
        wish.agreed,
        wish.referral_code.strip(),
        wish.invitation.strip(),
    )
    if wrong := _wrong(given):
        raise InvalidInput(**wrong)
    await limits.spend(SIGN_UPS_OF_ADDRESS, "sign-up", address)
    return Newcomer(given, await passwords.hashed(given.password), address)


async def sign_up(
    session: AsyncSession, newcomer: Newcomer, *, user_agent: str = "", now: datetime
) -> SignedIn:
    """Make the person, their family (or their place in the one that invited them), and sign them in.

    Raises: EmailTaken, ReferralInvalid, LinkUnusable and InvitationExpired for the invitation, FamilyFull,
        RateLimited after guessed codes. Then nothing is left behind.
    """
    wish = newcomer.wish
    user_id = await _insert(session, wish, now)
    identity_id = await _give_password(session, user_id, newcomer.secret_hash, now)
    await consents.record_sign_up(session, user_id, now=now)
    if wish.type is UserType.PARENT:
        family_id = await _place(session, newcomer, user_id, now)
        if wish.referral_code:
            code, address = wish.referral_code, newcomer.address
            await referrals.accept(session, family_id, code=code, address=address, now=now)
    await account_notices.promise(session, Kind.EMAIL_VERIFICATION, user_id, now=now)
    opened = await sessions.create(session, user_id, user_agent=user_agent, identity_id=identity_id, now=now)
    me = await accounts.me(session, await actor_for(session, user_id))
    return SignedIn(me, opened.id, opened.token)


async def tell_owner(session: AsyncSession, newcomer: Newcomer, *, now: datetime) -> None:
    """Tell whoever has the address that somebody tried to sign up with it; quietly not too often."""
    email = newcomer.wish.email
    owner = select(col(User.id)).where(func.lower(col(User.email)) == email)
    user_id = (await _run(session, owner)).scalar_one_or_none()
    if user_id is not None and await may_mail(Kind.SIGNUP_ATTEMPTED, email):
        await account_notices.promise(session, Kind.SIGNUP_ATTEMPTED, user_id, now=now)


async def send_again(session: AsyncSession, actor: Actor, *, now: datetime) -> None:
    """Send the link for one's own address once more; nothing when it is proved already.

    Raises: Unauthenticated, ParentApprovalRequired for a child, RateLimited.
    """
    user_id = policies.require_grown_up(actor)
    user = await session.get_one(User, user_id)
    if user.email is None or user.email_verified_at is not None:
        return
    await spend_mail(Kind.EMAIL_VERIFICATION, readable(user.email))
    await account_notices.promise(session, Kind.EMAIL_VERIFICATION, user_id, now=now)


async def verify(session: AsyncSession, *, token: str, now: datetime) -> None:
    """The link was followed, so the address is the person's own: the present one, or the one they change to.

    Raises: LinkUnusable; EmailTaken when somebody else proved the new address meanwhile.
    """
    link = links.follow(Purpose.VERIFY, token, now=now)
    person = select(col(User.email), col(User.pending_email), col(User.email_verified_at)).where(
        col(User.id) == link.user_id, col(User.deleted_at).is_(None)
    )
    found = (await _run(session, person.with_for_update())).one_or_none()
    if found is None:
        raise LinkUnusable
    if found.pending_email and link.bound_to(found.pending_email):
        changes = {"email": found.pending_email, "pending_email": None, "email_verified_at": now}
    elif found.email_verified_at is None and link.bound_to(found.email or ""):
        changes = {"email_verified_at": now}
    else:
        raise LinkUnusable
    try:
        await _run(session, update(User).where(col(User.id) == link.user_id).values(changes))
    except IntegrityError as taken:
        raise EmailTaken from taken
    sessions.forget(link.user_id)


async def may_mail(kind: Kind, email: str) -> bool:
    """Count a mail to an address; False when it has had enough of them for now. Who asked is not told."""
    try:
        await spend_mail(kind, email)
    except RateLimited:
        return False
    return True


async def spend_mail(kind: Kind, whose: str) -> None:
    """Count a mail of a kind by address or asker; one kind never uses up another's, least of all the reset's.

    Raises: RateLimited.
    """
    await limits.spend(MAILS_TO_ACCOUNT, "mails", kind.value, whose)


def _wrong(given: SignUp) -> dict[str, str]:
    found = {
        "email": "" if reachable(given.email) else "email" if given.email else "required",
        "name": "required" if not given.name else "too_long" if len(given.name) > NICKNAME_MAX else "",
        "password": passwords.weakness(given.password, own=(given.email, given.name)),
        "agree": "" if given.agreed else "consent",
    }
    if given.type is not UserType.PARENT:
        found |= {"referral_code": "families_only" if given.referral_code else ""}
        found |= {"type": "families_only" if given.invitation else ""}
    return {field: reason for field, reason in found.items() if reason}


async def _insert(session: AsyncSession, wish: SignUp, now: datetime) -> UUID:
    values = {"id": new_id(), "type": wish.type, "email": wish.email, "name": wish.name, "created_at": now}
    made = insert(User).values(values).on_conflict_do_nothing().returning(col(User.id))
    user_id = (await _run(session, made)).scalar_one_or_none()
    if user_id is None:
        raise EmailTaken
    return user_id


async def _give_password(session: AsyncSession, user_id: UUID, secret_hash: str, now: datetime) -> UUID:
    identity = Identity(
        user_id=user_id,
        provider=IdentityProvider.LOCAL,
        issuer=accounts.LOCAL_ISSUER,
        subject=str(user_id),
        secret_hash=secret_hash,
        created_at=now,
    )
    session.add(identity)
    await session.flush()
    return identity.id


async def _place(session: AsyncSession, newcomer: Newcomer, user_id: UUID, now: datetime) -> UUID:
    token = newcomer.wish.invitation
    if not token:
        return (await families.create(session, user_id, now=now)).id
    actor = await actor_for(session, user_id)
    return await families.accept(session, actor, token=token, address=newcomer.address, now=now)


async def _run(session: AsyncSession, statement: Executable) -> Any:
    await session.flush()
    return await (await session.connection()).execute(statement)
