"""The browser's bundle is built when its sources changed and only then."""

from pathlib import Path

import pytest

from naraigoto import bundle


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose bundle has just been built."""
    for name in (
        "naraigoto/pages/home.py",
        "naraigoto/services/bookings.py",
        "rxconfig.py",
        "assets/app.css",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("first")
    bundle.client_folder(tmp_path).mkdir(parents=True)
    (tmp_path / ".web" / ".built-from").write_text(bundle.fingerprint(tmp_path))
    return tmp_path


def test_a_bundle_of_the_present_sources_is_current(project: Path):
    assert bundle.is_current(project)
    bundle.build(project)  # would fail: there is no Reflex project here


@pytest.mark.parametrize("name", ["naraigoto/pages/home.py", "rxconfig.py", "assets/app.css"])
def test_a_changed_source_makes_the_bundle_stale(project: Path, name: str):
    (project / name).write_text("second")
    assert not bundle.is_current(project)


@pytest.mark.parametrize("name", ["naraigoto/pages/new.py", "assets/deep/new.svg", "reflex.lock/bun.lock"])
def test_a_new_source_makes_the_bundle_stale(project: Path, name: str):
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("new")
    assert not bundle.is_current(project)


def test_a_removed_source_makes_the_bundle_stale(project: Path):
    (project / "assets" / "app.css").unlink()
    assert not bundle.is_current(project)


@pytest.mark.parametrize("name", ["naraigoto/services/bookings.py", "naraigoto/pages/__pycache__/home.pyc"])
def test_what_the_browser_never_gets_changes_nothing(project: Path, name: str):
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("second")
    assert bundle.is_current(project)


def test_a_failed_build_is_one_line_that_names_its_record_and_leaves_no_stamp(project: Path):
    (project / "rxconfig.py").write_text("raise SystemExit('broken on purpose')")
    with pytest.raises(bundle.BuildFailed, match=r"build\.log") as refusal:
        bundle.build(project)
    assert "\n" not in str(refusal.value)
    assert "broken on purpose" in (project / ".web" / "build.log").read_text()
    assert not bundle.is_current(project)
