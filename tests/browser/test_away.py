"""The site while its database is away, and when it comes."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from naraigoto import serving
from naraigoto.texts import login, search, ui
from tests.browser.ready import visit
from tests.browser.site import PHONE, Site, free_port, window
from tests.database import cluster, ensure_template, throwaway

_TOLD_TO_NOBODY = ("Traceback", "psycopg", "sqlalchemy", ".s.PGSQL")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the database's socket will be found."""
    with tempfile.TemporaryDirectory(prefix="ng-") as parent:
        yield Path(parent) / "sockets"


@pytest.fixture
def lonely(site: Site, folder: Path) -> Iterator[Site]:
    """A second server, whose database is found once `folder` leads to the cluster."""
    port = free_port()
    with throwaway(cluster(), ensure_template(cluster())) as url:
        away = f"{url.partition('?')[0]}?host={quote(str(folder), safe='/')}&port=5432"
        with serving.server("127.0.0.1", port, away):
            yield Site(f"http://localhost:{port}", site.data, away, site.since)


def test_a_site_without_its_database_says_so_on_every_page_and_recovers_by_itself(
    lonely: Site, folder: Path, browser: Browser
) -> None:
    _the_api_says_so(lonely)
    with window(browser, lonely, PHONE) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        _signing_in_is_refused_in_the_form(page)
        for address in ("/", f"/schools/{UUID(int=7)}", "/search"):
            visit(page, address)
            expect(page.get_by_role("heading", name=ui.UNAVAILABLE_TITLE)).to_be_visible()
            expect(page.get_by_text(ui.UNAVAILABLE_TEXT)).to_be_visible()
            assert not any(word in page.content() for word in _TOLD_TO_NOBODY)
        folder.symlink_to(cluster().socket_dir)
        page.get_by_role("button", name=ui.RELOAD).click()
        expect(page.get_by_role("heading", name=search.NOTHING_AT_ALL)).to_be_visible()
        assert complaints == []
    assert httpx.get(f"{lonely.url}/readyz").status_code == 200
    assert httpx.get(f"{lonely.url}/api/v1/schools").json()["items"] == []


def _signing_in_is_refused_in_the_form(page: Page) -> None:
    visit(page, "/login")
    page.get_by_label(login.EMAIL).fill("parent@example.com")
    page.get_by_label(login.PASSWORD, exact=True).fill("naraigoto-demo")
    page.get_by_role("button", name=login.SUBMIT, exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("ただいまつながりにくくなっています")


def _the_api_says_so(lonely: Site) -> None:
    assert httpx.get(f"{lonely.url}/healthz").status_code == 200
    for address in ("/readyz", "/api/v1/schools", "/api/v1/areas"):
        answer = httpx.get(f"{lonely.url}{address}")
        assert answer.status_code == 503
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert int(answer.headers["retry-after"]) > 0
        assert answer.json()["code"] == "unavailable"
        assert not any(word in answer.text for word in _TOLD_TO_NOBODY)
