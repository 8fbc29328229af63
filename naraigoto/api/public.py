"""How often the public part of the API may be read (R19)."""

from fastapi import Depends, Request

from naraigoto.api.deps import Now, Session
from naraigoto.web.reading import reader


async def bounded(request: Request, session: Session, now: Now) -> None:
    """Count this reading.

    Raises: RateLimited.
    """
    await reader(request, session, now)


PUBLIC = [Depends(bounded)]
