"""Matters of money that no rule can settle: found once, shown to admins until one of them settles them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import InvalidInput, NotFound, StaleEdit
from naraigoto.models.base import new_id
from naraigoto.models.billing import BillingIssue, IssueKind
from naraigoto.models.families import Family
from naraigoto.models.moderation import AuditLog
from naraigoto.rules import TICKET_ADJUST_REASON_MAX


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that waits for an admin; `family` is the family's code."""

    id: UUID
    kind: IssueKind
    facts: dict[str, Any]
    found_at: datetime
    family: str


async def raise_issue(
    session: AsyncSession,
    kind: IssueKind,
    *,
    about: str,
    family_id: UUID | None = None,
    now: datetime,
    **facts: Any,
) -> bool:
    """Note a matter; False when it is known already. `about` and `facts` hold ids and numbers, no names."""
    statement = (
        insert(BillingIssue)
        .values(
            id=new_id(),
            kind=kind,
            key=f"{kind}:{about}",
            family_id=family_id,
            facts=facts,
            found_at=now,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(col(BillingIssue.id))
    )
    return (await (await session.connection()).execute(statement)).first() is not None


async def list_open(session: AsyncSession, actor: Actor, *, limit: int = 100) -> list[Matter]:
    """What waits for an admin, the oldest first.

    Raises: Unauthenticated, Forbidden.
    """
    policies.require_operations(actor)
    rows = await session.exec(
        select(BillingIssue, Family.family_code)
        .outerjoin(Family, col(Family.id) == col(BillingIssue.family_id))
        .where(col(BillingIssue.settled_at).is_(None))
        .order_by(col(BillingIssue.found_at), col(BillingIssue.id))
        .limit(limit)
    )
    return [Matter(row.id, row.kind, row.facts, row.found_at, family or "") for row, family in rows]


async def settle(
    session: AsyncSession, actor: Actor, *, issue_id: UUID, note: str, now: datetime
) -> BillingIssue:
    """Say what was done about a matter, so that it waits no more; audited.

    Raises: Unauthenticated, Forbidden, InvalidInput without a note, NotFound, StaleEdit when settled already.
    """
    operator = policies.require_operations(actor)
    note = note.strip()
    if not 1 <= len(note) <= TICKET_ADJUST_REASON_MAX:
        raise InvalidInput(note="reason")
    issue = await session.get(BillingIssue, issue_id, with_for_update=True, populate_existing=True)
    if issue is None:
        raise NotFound
    if issue.settled_at is not None:
        raise StaleEdit
    issue.settled_at, issue.settled_by, issue.note = now, operator, note
    audit = AuditLog(
        actor_user_id=operator,
        action="billing.issue_settled",
        thing_type="billing_issue",
        thing_id=issue.id,
        facts={"kind": issue.kind.value, "note": note},
        at=now,
    )
    session.add_all((issue, audit))
    await session.flush()
    return issue
