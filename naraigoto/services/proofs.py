"""Proving a secret, with an end to guessing (R99). Whoever compares a password or passcode comes here."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.errors import CredentialsWrong
from naraigoto.services import accounts, limits
from naraigoto.services.accounts import Known, Proof

_SCOPE = "secret"


async def prove(known: Known, secret: str, *, address: str) -> Proof:
    """Whose secret this is, asked from `address`. Slow on purpose, so hold no connection meanwhile.

    Raises: CredentialsWrong, whatever was wrong; RateLimited after too many wrong tries.
    """
    await limits.refuse_guessing(_SCOPE, known.account, address)
    try:
        proof = await accounts.prove(known, secret)
    except CredentialsWrong:
        # Of many tries at once only as many are answered as would have been one after the other.
        await limits.refuse_guessing(_SCOPE, known.account, address)
        await limits.note_wrong(_SCOPE, known.account, address)
        raise
    await limits.refuse_guessing(_SCOPE, known.account, address)
    await limits.note_right(_SCOPE, known.account, address)
    return proof


async def person(session: AsyncSession, user_id: UUID) -> Known:
    """Somebody signed in who is to prove their password once more, before something that matters."""
    return await accounts.known_by_id(session, user_id)
