"""What stands in the database after a sign-in."""

from sqlmodel import select

from naraigoto.models.accounts import Identity, IdentityProvider, Session, User
from naraigoto.models.families import Family
from naraigoto.models.privacy import Consent
from tests.conftest import Committed


async def users(committed: Committed) -> list[User]:
    """Everybody, the first one first."""
    async with committed() as session:
        return list((await session.exec(select(User).order_by(User.id))).all())  # pyright: ignore[reportArgumentType]


async def identities(committed: Committed) -> list[Identity]:
    """Every way in through a provider."""
    async with committed() as session:
        mine = select(Identity).where(Identity.provider == IdentityProvider.OIDC)
        return list((await session.exec(mine)).all())


async def families(committed: Committed) -> list[Family]:
    """Every family."""
    async with committed() as session:
        return list((await session.exec(select(Family))).all())


async def consents(committed: Committed) -> set[str]:
    """What was agreed to."""
    async with committed() as session:
        return {row.document.value for row in (await session.exec(select(Consent))).all()}


async def nothing(committed: Committed) -> bool:
    """True while nobody was made and nobody is signed in."""
    async with committed() as session:
        there = (await session.exec(select(Session))).first()
    return there is None and not await users(committed) and not await identities(committed)
