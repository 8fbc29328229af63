"""「ログイン中の端末」: where a person is signed in, and ending it from afar."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import NotFound
from naraigoto.models.accounts import Session, User
from naraigoto.models.families import FamilyMember
from naraigoto.services import sessions, user_agents


@dataclass(frozen=True, slots=True)
class Device:
    """A signed-in device; browser and system are "" where it did not say what it is.

    `person_name` is "" for one's own device and else the child's to whom it belongs; `acting_as_name`
    is the child as whom a guardian's device acts in 「子どもモード」, or "".
    """

    id: UUID
    browser: str
    system: str
    created_at: datetime
    last_seen_at: datetime
    current: bool
    acting_as_name: str
    person_name: str


async def devices(session: AsyncSession, actor: Actor, *, now: datetime) -> list[Device]:
    """The asker's signed-in devices, this one first, and for the owner guardian those of the children.

    Raises: Unauthenticated.
    """
    visible = visible_to(actor)
    holder, child = aliased(User), aliased(User)
    statement = (
        select(
            col(Session.id),
            col(Session.user_id),
            col(Session.user_agent),
            col(Session.created_at),
            col(Session.last_seen_at),
            col(holder.name),
            func.coalesce(col(child.name), "").label("acting_as_name"),
        )
        .join(holder, col(holder.id) == col(Session.user_id))
        .outerjoin(child, col(child.id) == col(Session.acting_as))
        .where(visible, sessions.alive(now))
        .order_by(
            col(Session.id) != actor.session_id,
            col(Session.user_id) != actor.user_id,
            col(Session.last_seen_at).desc(),
            col(Session.id),
        )
    )
    found = await (await session.connection()).execute(statement)
    return [
        Device(
            id=row.id,
            browser=agent.browser,
            system=agent.system,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            current=row.id == actor.session_id,
            acting_as_name=row.acting_as_name,
            # In 「子どもモード」 the device is the guardian's, and the child sees only that it is this one.
            person_name="" if row.user_id in {actor.user_id, actor.device_of} else row.name,
        )
        for row in found
        for agent in (user_agents.read(row.user_agent),)
    ]


async def end(session: AsyncSession, actor: Actor, *, device_id: UUID, now: datetime) -> None:
    """Sign one device out; the one in one's hand too.

    Raises: Unauthenticated, NotFound for a device that is over already or somebody else's.
    """
    ended = await sessions.revoke_where(
        session, and_(visible_to(actor), col(Session.id) == device_id, sessions.alive(now)), now=now
    )
    if not ended:
        raise NotFound


async def end_others(session: AsyncSession, actor: Actor, *, now: datetime) -> int:
    """Sign out everywhere else; the children's devices stay. Answers how many ended.

    Raises: Unauthenticated.
    """
    user_id = policies.require_signed_in(actor)
    own = col(Session.user_id) == user_id
    others = own if actor.session_id is None else and_(own, col(Session.id) != actor.session_id)
    return await sessions.revoke_where(session, others, now=now)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """One's own devices and the one in one's hand; for the owner guardian also the children's.

    Raises: Unauthenticated.
    """
    user_id = policies.require_signed_in(actor)
    mine = or_(col(Session.user_id) == user_id, col(Session.id) == actor.session_id)
    if not actor.owns_family:
        return mine
    children = select(col(FamilyMember.user_id)).where(col(FamilyMember.family_id) == actor.family_id)
    return or_(mine, col(Session.user_id).in_(children))
