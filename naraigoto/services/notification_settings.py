"""Which mails a person wants beside those that always come (R80, D16)."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.models.notifications import NotificationSetting


@dataclass(frozen=True, slots=True)
class Wishes:
    """One yes or no for each kind of mail that can be stopped."""

    reminders: bool = True
    review_requests: bool = True
    ticket_notices: bool = True
    points_notices: bool = True
    digest: bool = False


async def get(session: AsyncSession, actor: Actor) -> Wishes:
    """What the asker wants; who never said gets everything but the digest.

    Raises: Unauthenticated, ParentApprovalRequired for a child, who has no address.
    """
    user_id = policies.require_grown_up(actor)
    row = await session.get(NotificationSetting, user_id, populate_existing=True)
    if row is None:
        return Wishes()
    return Wishes(row.reminders, row.review_requests, row.ticket_notices, row.points_notices, row.digest)


async def put(session: AsyncSession, actor: Actor, wishes: Wishes, *, now: datetime) -> Wishes:
    """From now on these; saying it again changes nothing.

    Raises: Unauthenticated, ParentApprovalRequired for a child.
    """
    user_id = policies.require_grown_up(actor)
    values = asdict(wishes) | {"updated_at": now}
    statement = insert(NotificationSetting).values(user_id=user_id, **values)
    await (await session.connection()).execute(
        statement.on_conflict_do_update(index_elements=["user_id"], set_=values)
    )
    return wishes
