"""A repeated request happens once and gets the first answer again (R127, contract.md §5)."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import policies
from naraigoto.actor import Actor
from naraigoto.errors import IdempotencyKeyReused, InvalidInput

KEY_LENGTH_MAX = 255

# A second request with the same key waits here for the first one's transaction to end: then it finds the
# answer, or, if that was refused and rolled back, takes the key itself.
_CLAIM = text("""
INSERT INTO idempotency_keys (user_id, key, scope, request_hash, status_code, answer, created_at)
VALUES (:user, :key, :scope, :hash, :status, '{}', :now)
ON CONFLICT (user_id, key, scope) DO NOTHING RETURNING key
""")
_FIRST = text("""
SELECT request_hash, answer FROM idempotency_keys WHERE user_id = :user AND key = :key AND scope = :scope
""")
_STORE = text("""
UPDATE idempotency_keys SET answer = :answer WHERE user_id = :user AND key = :key AND scope = :scope
""").bindparams(bindparam("answer", type_=JSONB))


def fingerprint(body: Any) -> str:
    """SHA-256 of a JSON value, whatever the order of its fields."""
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


async def once(
    session: AsyncSession,
    actor: Actor,
    *,
    key: str,
    scope: str,
    body_hash: str,
    work: Callable[[], Awaitable[dict[str, Any]]],
    status: int = 201,
    now: datetime,
) -> dict[str, Any]:
    """The answer of `work`, stored in the same transaction; the stored one when the key was used before.

    A refusal stores nothing: it changed nothing, so the same request may be tried again.

    Raises: Unauthenticated, InvalidInput for an unusable key, IdempotencyKeyReused, and what `work` raises.
    """
    user_id = policies.require_signed_in(actor)
    if not (1 <= len(key) <= KEY_LENGTH_MAX and key.isascii() and key.isprintable()):
        raise InvalidInput(idempotency_key="idempotency_key")
    connection = await session.connection()
    name = {"user": user_id, "key": key, "scope": scope}
    claimed = await connection.execute(_CLAIM, name | {"hash": body_hash, "status": status, "now": now})
    if claimed.first() is None:
        first = (await connection.execute(_FIRST, name)).one()
        if first.request_hash != body_hash:
            raise IdempotencyKeyReused
        return first.answer
    answer = await work()
    await connection.execute(_STORE, name | {"answer": answer})
    return answer
