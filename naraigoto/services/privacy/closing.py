"""Closing an account and opening it again within 30 days (D17).

Locks go person, family, school members, bookings, in this order; the erasing job and the undo meet at the
person.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import LinkUnusable, SchoolNeedsOwner, Unauthenticated
from naraigoto.rules import ERASE_AFTER
from naraigoto.services import audit, billing, bookings, closing_notices, links, sessions
from naraigoto.services.billing.customers import PASSED_ON

_PERSON = text("SELECT deleted_at, erase_after FROM users WHERE id = :user FOR UPDATE")
_FAMILY = text("""
SELECT id, stripe_customer_id FROM families WHERE parent_user_id = :user FOR NO KEY UPDATE
""")
_FIRST_JOINED = """
SELECT g.user_id FROM family_guardians g JOIN users u ON u.id = g.user_id
WHERE g.family_id = :family AND u.deleted_at IS NULL AND u.suspended_at IS NULL
ORDER BY g.joined_at, g.user_id LIMIT 1
"""
HEIR = text(_FIRST_JOINED)
# Nobody who is going at this very moment inherits.
_LOCK_HEIR = text(f"{_FIRST_JOINED} FOR UPDATE OF u")
_PASS_ON = (
    text("DELETE FROM family_guardians WHERE family_id = :family AND user_id = :heir"),
    # Whoever pays from now on is another customer: no card and no receipt of the one who goes is passed on.
    text("UPDATE families SET parent_user_id = :heir, stripe_customer_id = NULL WHERE id = :family"),
    # Whoever comes back within 30 days comes back as a co-guardian.
    text("INSERT INTO family_guardians (family_id, user_id, joined_at) VALUES (:family, :user, :now)"),
)
_CHILDREN = text("""
SELECT u.id FROM users u JOIN family_members m ON m.user_id = u.id
WHERE m.family_id = :family AND u.deleted_at IS NULL ORDER BY u.id FOR UPDATE OF u
""")
_CLOSE = text("""
UPDATE users SET deleted_at = :now, erase_after = :erase_after WHERE id = ANY(CAST(:people AS uuid[]))
""")
# They may know the address by heart; who stays makes a new one.
_END_CALENDARS = text("""
DELETE FROM calendar_feeds WHERE family_id IN (
  SELECT id FROM families WHERE parent_user_id = :user
  UNION ALL SELECT family_id FROM family_guardians WHERE user_id = :user)
""")
_END_INVITATIONS = text("""
UPDATE family_invitations SET revoked_at = :now
WHERE family_id = :family AND used_at IS NULL AND revoked_at IS NULL
""")
# Of two owners who leave at once the second waits here, reads afterwards, and finds itself the last.
_LOCK_OWNERS = text("""
SELECT 1 FROM school_members WHERE role = 'owner' AND school_id IN (
  SELECT school_id FROM school_members WHERE user_id = :user AND role = 'owner')
ORDER BY school_id, user_id FOR UPDATE
""")
ORPHANED = text("""
SELECT count(*) FROM school_members mine JOIN schools s ON s.id = mine.school_id
WHERE mine.user_id = :user AND mine.role = 'owner' AND s.deleted_at IS NULL AND s.status <> 'closed'
  AND NOT EXISTS (
    SELECT 1 FROM school_members other JOIN users u ON u.id = other.user_id
    WHERE other.school_id = s.id AND other.role = 'owner' AND other.user_id <> :user
      AND u.deleted_at IS NULL AND u.suspended_at IS NULL)
""")
_REOPEN = text("""
UPDATE users SET deleted_at = NULL, erase_after = NULL WHERE id = :user OR (
  deleted_at = :closed_at AND erase_after = :erase_after AND id IN (
    SELECT m.user_id FROM family_members m JOIN families f ON f.id = m.family_id
    WHERE f.parent_user_id = :user))
""")


async def close(session: AsyncSession, actor: Actor, *, now: datetime) -> datetime:
    """Close the asker's account; answers when everything personal will be gone.

    Sign-in ends at once on every device, and so do the plan that the person pays for and the calendar address
    of the family. The family passes to the co-guardian who joined first; without one its children go along
    and their coming lessons end. Until the answered moment a mailed link undoes it; lessons, plan and address
    do not come back.

    Raises: Unauthenticated, ParentApprovalRequired for a child, Forbidden for an admin, SchoolNeedsOwner.
    """
    user_id = policies.require_closing(actor)
    person = (await _run(session, _PERSON, user=user_id)).one_or_none()
    if person is None or person.deleted_at is not None:
        raise Unauthenticated
    erase_after = now + ERASE_AFTER
    children = await _leave_family(session, user_id, erase_after, now)
    await _run(session, _END_CALENDARS, user=user_id)
    await _leave_schools(session, user_id)
    await bookings.release_children(session, children, now=now)
    going = [user_id, *children]
    await _run(session, _CLOSE, people=going, now=now, erase_after=erase_after)
    for each in going:
        await sessions.revoke_all(session, each, now=now)
        await audit.record(session, actor, "account.closed", audit.Thing("user", each), now=now)
    await closing_notices.account_closed(session, user_id=user_id, erase_after=erase_after, now=now)
    return erase_after


async def reopen(session: AsyncSession, token: str, *, now: datetime) -> None:
    """Undo a closing by the mailed link; children who went along come back too.

    Raises: LinkUnusable when it is no link of ours, was used, has become final, or is of an earlier closing.
    """
    link = links.follow(links.Purpose.UNDO_DELETION, token, now=now)
    person = (await _run(session, _PERSON, user=link.user_id)).one_or_none()
    if person is None or person.deleted_at is None or person.erase_after is None:
        raise LinkUnusable
    if person.erase_after <= now or not link.bound_to(closing_notices.mark(person.erase_after)):
        raise LinkUnusable
    values = {"user": link.user_id, "closed_at": person.deleted_at, "erase_after": person.erase_after}
    await _run(session, _REOPEN, **values)
    thing = audit.Thing("user", link.user_id)
    await audit.record(session, Actor(link.user_id), "account.reopened", thing, now=now)


async def _leave_family(
    session: AsyncSession, user_id: UUID, erase_after: datetime, now: datetime
) -> list[UUID]:
    """Let go of the family that the person owns; answers the children that go along."""
    family = (await _run(session, _FAMILY, user=user_id)).one_or_none()
    if family is None:
        return []
    family_id: UUID = family.id
    await billing.cancel_now_for(session, family_id, now=now)
    heir = (await _run(session, _LOCK_HEIR, family=family_id)).scalar_one_or_none()
    if heir is not None:
        for statement in _PASS_ON:
            await _run(session, statement, family=family_id, user=user_id, heir=heir, now=now)
        sessions.forget(heir)
        thing = audit.Thing("family", family_id)
        facts = {"customer": family.stripe_customer_id} if family.stripe_customer_id else {}
        await audit.record(session, Actor(user_id), PASSED_ON, thing, facts, now=now)
        await closing_notices.family_passed_on(
            session, family_id=family_id, heir=heir, erase_after=erase_after, now=now
        )
        return []
    await _run(session, _END_INVITATIONS, family=family_id, now=now)
    return list((await _run(session, _CHILDREN, family=family_id)).scalars())


async def _leave_schools(session: AsyncSession, user_id: UUID) -> None:
    """The last owner of a school that goes on stays (G4)."""
    await _run(session, _LOCK_OWNERS, user=user_id)
    orphaned = (await _run(session, ORPHANED, user=user_id)).scalar_one()
    if orphaned:
        raise SchoolNeedsOwner(count=orphaned)


async def _run(session: AsyncSession, statement: Executable, **values: Any) -> Any:
    return await (await session.connection()).execute(statement, values)
