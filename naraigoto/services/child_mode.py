"""「子どもモード」: a guardian's device acts as a child until the guardian's password comes (G2)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import CredentialsWrong, NotFound
from naraigoto.models.accounts import User
from naraigoto.services import accounts, families, proofs, sessions
from naraigoto.services.accounts import Known, Proof, SignedIn
from naraigoto.services.actors import actor_for


@dataclass(frozen=True, slots=True)
class WayBack:
    """Whose device it is, and whether a password of ours leads back; else the provider's sign-in does."""

    guardian: str
    by_password: bool


async def enter(session: AsyncSession, actor: Actor, *, child_id: UUID, now: datetime) -> SignedIn:
    """Hand the device to a child of the family: from now on the session is the child's.

    Raises: Unauthenticated, ParentApprovalRequired in the child's own hands, FamilyNeeded, Forbidden for
        others, NotFound for another family's child.
    """
    if child_id not in {child.user_id for child in await families.children(session, actor)}:
        raise NotFound
    return await _turned(session, actor, child_id, acting_as=child_id, now=now)


async def way_back(session: AsyncSession, actor: Actor) -> WayBack:
    """How the guardian gets the device back.

    Raises: Unauthenticated, Forbidden for a session that is nobody else's.
    """
    known = await known_guardian(session, actor)
    guardian = await session.get_one(User, policies.require_lent_device(actor))
    return WayBack(guardian.name, known.secret_hash is not None)


async def known_guardian(session: AsyncSession, actor: Actor) -> Known:
    """The guardian who lent the device, to be proved by `proofs.prove`.

    Raises: Unauthenticated, Forbidden for a session that is nobody else's.
    """
    return await proofs.person(session, policies.require_lent_device(actor))


async def leave(session: AsyncSession, actor: Actor, proof: Proof, *, now: datetime) -> SignedIn:
    """Give the device back to its guardian.

    Raises: Unauthenticated, Forbidden for a session that is nobody else's, CredentialsWrong when the proof
        is another's or the password was changed since.
    """
    guardian_id = policies.require_lent_device(actor)
    known = await known_guardian(session, actor)
    if (known.user_id, known.secret_hash) != (proof.user_id, proof.secret_hash):
        raise CredentialsWrong
    return await _turned(session, actor, guardian_id, acting_as=None, now=now)


async def _turned(
    session: AsyncSession, actor: Actor, user_id: UUID, *, acting_as: UUID | None, now: datetime
) -> SignedIn:
    opened = await sessions.rotate(session, actor, now=now, acting_as=acting_as)
    person = await accounts.me(session, await actor_for(session, user_id))
    return SignedIn(person, opened.id, opened.token)
