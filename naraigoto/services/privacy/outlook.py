"""What closing one's account would mean, said before anybody presses the button (D17)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.services.privacy.closing import HEIR, ORPHANED


@dataclass(frozen=True, slots=True)
class Outlook:
    """`schools` keep the person here; else a `plan` ends, and the family passes to `heir` or goes along.

    `ends`: the family has nobody else, and what is left in it is lost; `goes_on`: other guardians keep it.
    """

    plan: bool = False
    schools: int = 0
    heir: str = ""
    children: int = 0
    lessons: int = 0
    ends: bool = False
    goes_on: bool = False


_FAMILY = text("""
SELECT
  EXISTS (SELECT 1 FROM subscriptions WHERE family_id = :family AND status IN ('active', 'on_hold')) AS plan,
  (SELECT count(*) FROM family_members m JOIN users u ON u.id = m.user_id
    WHERE m.family_id = :family AND u.deleted_at IS NULL) AS children,
  (SELECT count(*) FROM bookings
    WHERE family_id = :family AND status = 'reserved' AND lower(period) > :now) AS lessons
""")
_NAME = text("SELECT name FROM users WHERE id = :user")


async def outlook(session: AsyncSession, actor: Actor, *, now: datetime) -> Outlook:
    """What would happen now.

    Raises: Unauthenticated, ParentApprovalRequired for a child, Forbidden for an admin.
    """
    user_id = policies.require_closing(actor)
    connection = await session.connection()
    schools = (await connection.execute(ORPHANED, {"user": user_id})).scalar_one()
    if not actor.owns_family:
        return Outlook(schools=schools, goes_on=actor.family_id is not None)
    family = {"family": actor.family_id}
    row = (await connection.execute(_FAMILY, family | {"now": now})).one()
    heir = (await connection.execute(HEIR, family)).scalar_one_or_none()
    if heir is not None:
        name = (await connection.execute(_NAME, {"user": heir})).scalar_one()
        return Outlook(plan=row.plan, schools=schools, heir=name, goes_on=True)
    return Outlook(plan=row.plan, schools=schools, children=row.children, lessons=row.lessons, ends=True)
