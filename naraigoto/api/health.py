"""Is the process alive, and can it serve?"""

from fastapi import APIRouter

from naraigoto import db, migrations
from naraigoto.errors import Unavailable

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready() -> dict[str, str]:
    """The database answers too, and has every migration that this release needs.

    Raises: Unavailable (503 with Retry-After).
    """
    if migrations.is_behind(await db.revisions()):
        raise Unavailable(retry_after=db.RETRY_AFTER_SECONDS)
    return {"status": "ok"}
