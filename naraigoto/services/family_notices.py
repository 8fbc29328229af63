"""Promises about who is in a family, and what those mails say (domain.md §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.services import driver
from naraigoto.services.notifications import UUID7, Facts, Kind, Loader, Side

_TELL_OWNER = f"""
INSERT INTO outbox_messages (id, kind, dedupe_key, recipient_user_id, payload, status, run_at, created_at)
SELECT {UUID7}, %(kind)s, 'invitation:' || i.id || ':joined', f.parent_user_id,
       jsonb_build_object('family_id', f.id, 'user_id', i.used_by, 'side', 'guardian'),
       'queued', %(now)s, %(now)s
FROM family_invitations i JOIN families f ON f.id = i.family_id WHERE i.id = %(invitation)s::uuid
ON CONFLICT (dedupe_key) DO NOTHING
""".encode()


async def guardian_joined(session: AsyncSession, *, invitation_id: UUID, now: datetime) -> None:
    """Promise the owner guardian to be told who came in by the invitation (R7)."""
    await (await driver.connection(session)).execute(
        _TELL_OWNER, {"kind": Kind.GUARDIAN_JOINED.value, "invitation": str(invitation_id), "now": now}
    )


@dataclass(frozen=True, slots=True)
class GuardianJoined(Facts):
    """Who is in the family now that was not before."""

    owner: str
    joined: str


# Not for who has left again, and only to who still owns the family.
_JOINED = text("""
SELECT r.email, r.name AS owner, j.name AS joined FROM families f
JOIN users r ON r.id = f.parent_user_id AND r.id = :recipient AND r.email IS NOT NULL AND r.deleted_at IS NULL
JOIN family_guardians g ON g.family_id = f.id AND g.user_id = :user
JOIN users j ON j.id = g.user_id AND j.deleted_at IS NULL
WHERE f.id = :family
""")


async def _joined(
    session: AsyncSession, recipient: UUID, payload: Mapping[str, Any], _now: datetime
) -> GuardianJoined | None:
    asked = {"recipient": recipient, "family": UUID(payload["family_id"]), "user": UUID(payload["user_id"])}
    row = (await (await session.connection()).execute(_JOINED, asked)).one_or_none()
    if row is None:
        return None
    return GuardianJoined(Side(payload["side"]), to=row.email, owner=row.owner, joined=row.joined)


FACTS: Final[Mapping[Kind, Loader]] = {Kind.GUARDIAN_JOINED: _joined}
