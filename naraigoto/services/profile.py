"""One's own account as /settings shows it, and one's own name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import InvalidInput, Unauthenticated
from naraigoto.models.accounts import Identity, IdentityProvider, User, UserType
from naraigoto.models.families import Family, FamilyMember
from naraigoto.models.privacy import Consent, ConsentDocument
from naraigoto.rules import NICKNAME_MAX
from naraigoto.services import audit
from naraigoto.services.addresses import tidy_name


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreement to one version of one document."""

    document: ConsentDocument
    version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's own account; `login_name` and `family_code` are a child's way in, "" for grown-ups."""

    type: UserType
    name: str
    email: str
    verified: bool
    pending_email: str
    has_password: bool
    login_name: str
    family_code: str
    consents: tuple[Agreed, ...]


async def get(session: AsyncSession, actor: Actor) -> Profile:
    """The asker's own account.

    Raises: Unauthenticated.
    """
    user_id = policies.require_signed_in(actor)
    user = await session.get(User, user_id, populate_existing=True)
    if user is None:
        raise Unauthenticated
    login_name, family_code = await _way_in(session, user_id)
    return Profile(
        type=user.type,
        name=user.name,
        email=user.email or "",
        verified=user.email_verified_at is not None,
        pending_email=user.pending_email or "",
        has_password=await _has_password(session, user_id),
        login_name=login_name,
        family_code=family_code,
        consents=await _consents(session, user_id),
    )


async def rename(session: AsyncSession, actor: Actor, name: str, *, now: datetime) -> str:
    """Be called otherwise from now on; answers the name as it is kept.

    Raises: Unauthenticated, ParentApprovalRequired for a child, whom a guardian names, InvalidInput.
    """
    user_id = policies.require_grown_up(actor)
    kept = tidy_name(name)
    if not 1 <= len(kept) <= NICKNAME_MAX:
        raise InvalidInput(name="too_long" if kept else "required")
    connection = await session.connection()
    mine = (col(User.id) == user_id, col(User.name) != kept)
    if (await connection.execute(update(User).where(*mine).values(name=kept))).rowcount:
        await audit.record(session, actor, "account.renamed", audit.Thing("user", user_id), now=now)
    return kept


async def _way_in(session: AsyncSession, user_id: UUID) -> tuple[str, str]:
    found = await (await session.connection()).execute(
        select(col(FamilyMember.login_name), col(Family.family_code))
        .join(Family, col(Family.id) == col(FamilyMember.family_id))
        .where(col(FamilyMember.user_id) == user_id)
    )
    row = found.one_or_none()
    return (row[0], row[1]) if row is not None else ("", "")


async def _has_password(session: AsyncSession, user_id: UUID) -> bool:
    local = (col(Identity.user_id) == user_id, col(Identity.provider) == IdentityProvider.LOCAL)
    found = await (await session.connection()).execute(select(col(Identity.id)).where(*local))
    return found.first() is not None


async def _consents(session: AsyncSession, user_id: UUID) -> tuple[Agreed, ...]:
    found = await (await session.connection()).execute(
        select(col(Consent.document), col(Consent.version), col(Consent.created_at))
        .where(col(Consent.user_id) == user_id)
        .order_by(col(Consent.created_at).desc(), col(Consent.document))
    )
    return tuple(Agreed(*row) for row in found)
