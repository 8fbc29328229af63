"""The words people type: synonyms, areas and stations, as every site has them."""

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import reference


async def make_terms(session: AsyncSession) -> None:
    """The words of the launch: synonyms, areas and stations, with no text written anew for them."""
    await (await session.connection()).execute(
        text(
            "INSERT INTO search_terms (kind, code, text, norm, kana, location)"
            " VALUES (:kind, :code, :text, ng_norm(:text), ng_norm(:kana), CAST(:place AS geography))"
        ),
        [term._asdict() for term in reference.terms()],
    )
