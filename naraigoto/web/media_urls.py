"""Where a stored picture is fetched from."""


def picture_url(key: str | None) -> str:
    """Address of a picture for <img>, empty for none; keys carry the hash of their content (R128)."""
    return f"/media/{key}" if key else ""
