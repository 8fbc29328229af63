"""What a person agreed to, in which version and when (D17)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.models.base import new_id
from naraigoto.models.privacy import Consent, ConsentDocument
from naraigoto.rules import PRIVACY_VERSION, TERMS_VERSION


async def record_sign_up(session: AsyncSession, user_id: UUID, *, now: datetime) -> None:
    """Note that a new person agreed to the terms and the privacy notice as they stand now."""
    for document, version in (
        (ConsentDocument.TERMS, TERMS_VERSION),
        (ConsentDocument.PRIVACY, PRIVACY_VERSION),
    ):
        values = {"id": new_id(), "user_id": user_id, "document": document, "version": version}
        statement = insert(Consent).values(**values, created_at=now).on_conflict_do_nothing()
        await (await session.connection()).execute(statement)
