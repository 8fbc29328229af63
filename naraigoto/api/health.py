"""Is the process alive, and can it serve?"""

from fastapi import APIRouter

from naraigoto import db

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready() -> dict[str, str]:
    """The database answers too.

    Raises: Unavailable (503 with Retry-After).
    """
    await db.ping()
    return {"status": "ok"}
