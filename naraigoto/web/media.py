"""GET /media/{key}: pictures from the data folder; what a key names never changes."""

from fastapi import APIRouter
from starlette.responses import FileResponse

from naraigoto.services import media
from naraigoto.settings import get_settings

router = APIRouter(include_in_schema=False)

_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
}


@router.get("/media/{key:path}")
def picture(key: str) -> FileResponse:
    """One picture.

    Raises: NotFound.
    """
    found = media.find(get_settings().data_dir / "media", key)
    return FileResponse(found, media_type="image/webp", headers=_HEADERS)
