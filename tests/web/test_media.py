"""Pictures: served for ever under the address of their content, and nothing else is."""

import httpx
import pytest

from naraigoto.services.media import image_url, variant_key
from naraigoto.settings import get_settings

KEY = "public/demo/0123456789abcdef.webp"


@pytest.fixture
def stored() -> bytes:
    file = get_settings().data_dir / "media" / KEY
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"RIFF-a-picture")
    return file.read_bytes()


async def test_a_picture_may_be_kept_for_ever(client: httpx.AsyncClient, stored: bytes) -> None:
    answer = await client.get(f"/media/{KEY}")
    assert answer.status_code == 200
    assert answer.content == stored
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "public/demo/absent.webp",
        "public/demo",
        "../keys.json",
        "%2e%2e/%2e%2e/pyproject.toml",
        "..%2f..%2fetc%2fpasswd",
        "public/demo/..%2f..%2f..%2fsecret.webp",
        "%2fetc%2fpasswd",
        "a%00b.webp",
        "x" * 5000 + ".webp",
    ],
)
async def test_everything_else_is_not_found(client: httpx.AsyncClient, stored: bytes, path: str) -> None:
    assert stored
    assert (await client.get(f"/media/{path}")).status_code == 404


def test_a_file_beside_the_folder_is_out_of_reach() -> None:
    from naraigoto.errors import NotFound
    from naraigoto.services.media import find

    folder = get_settings().data_dir / "media"
    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / "outside.webp").write_bytes(b"x")
    (folder / "link.webp").unlink(missing_ok=True)
    (folder / "link.webp").symlink_to(folder.parent / "outside.webp")
    for key in ("../outside.webp", "link.webp", str(folder.parent / "outside.webp")):
        with pytest.raises(NotFound):
            find(folder, key)


def test_narrow_places_get_the_small_variant() -> None:
    assert variant_key(KEY, 320) == "public/demo/0123456789abcdef-480.webp"
    assert image_url(KEY, 480) == "/media/public/demo/0123456789abcdef-480.webp"
    assert image_url(KEY, 800) == image_url(KEY) == f"/media/{KEY}"
    assert image_url(None) == ""
