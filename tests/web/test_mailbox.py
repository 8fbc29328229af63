"""A mail in the developer's mailbox is drawn in a cage, and only outside production."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from naraigoto.adapters import mail
from naraigoto.api import create_api
from naraigoto.errors import NotFound
from naraigoto.services import mailbox
from naraigoto.settings import get_settings
from naraigoto.web import mailbox as web_mailbox
from naraigoto.web.security import Security
from tests.adapters.test_mail import LETTER


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of this test's own."""
    monkeypatch.setenv("NARAIGOTO_DATA", str(tmp_path))
    get_settings.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
async def browser(data: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = Security(create_api(features=[], others=[web_mailbox.router]))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=get_settings().public_url) as client:
        yield client


async def test_a_mail_is_shown_without_scripts_or_other_hosts(browser: httpx.AsyncClient) -> None:
    html = "<html><head></head><body><script>alert(1)</script>こんにちは</body></html>"
    await mail.make_mailer(get_settings()).send(replace(LETTER, html=html))
    (letter,) = await mailbox.letters()

    answer = await browser.get(f"/dev/mailbox/{letter.id}/html")

    assert "こんにちは" in answer.text
    assert '<base target="_blank">' in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


async def test_an_unknown_mail_is_not_found(browser: httpx.AsyncClient) -> None:
    for number in ("0" * 32, "x", "%2e%2e%2fsecret"):
        assert (await browser.get(f"/dev/mailbox/{number}/html")).status_code == 404


async def test_production_has_no_mailbox(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await mail.make_mailer(get_settings()).send(LETTER)
    (letter,) = await mailbox.letters()
    monkeypatch.setenv("NARAIGOTO_ENV", "production")
    get_settings.cache_clear()

    with pytest.raises(NotFound):
        await mailbox.letters()
    with pytest.raises(NotFound):
        await mailbox.letter(letter.id)
