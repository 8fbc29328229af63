"""Pictures by key: each is stored in full and as a small variant beside it (R128).

Keys carry the hash of their content, so an address never changes its picture.
"""

from pathlib import Path, PurePosixPath

from naraigoto.errors import NotFound

SMALL = 480


def variant_key(key: str, width: int) -> str:
    """Key of the smaller variant that serves a width; the picture itself for anything wider."""
    if width > SMALL:
        return key
    path = PurePosixPath(key)
    return str(path.with_name(f"{path.stem}-{SMALL}{path.suffix}"))


def image_url(key: str | None, width: int | None = None) -> str:
    """Address of a picture for <img>, empty for none; a width up to 480 gives the small variant."""
    if not key:
        return ""
    return f"/media/{variant_key(key, width) if width else key}"


def find(root: Path, key: str) -> Path:
    """The file of a key below `root`.

    Raises: NotFound for anything else, also for ways out of the folder.
    """
    folder = root.resolve()
    try:
        path = (folder / key).resolve()
        if path.is_relative_to(folder) and path.suffix == ".webp" and path.is_file():
            return path
    except (OSError, ValueError):
        pass
    raise NotFound
