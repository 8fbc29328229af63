"""The browser's bundle is built when its sources changed and only then."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from naraigoto import bundle
from naraigoto.settings import PROJECT


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
    half_installed = project / ".web" / "node_modules" / "vite"
    half_installed.mkdir(parents=True)
    (project / ".states").mkdir()
    (project / ".states" / "unfinished-build").touch()  # an earlier build was killed
    (project / "rxconfig.py").write_text("raise SystemExit('broken on purpose')")
    with pytest.raises(bundle.BuildFailed, match=r"build\.log") as refusal:
        bundle.build(project)
    assert "\n" not in str(refusal.value)
    assert "broken on purpose" in (project / ".web" / "build.log").read_text()
    assert not half_installed.exists()
    assert not (project / ".states" / "unfinished-build").exists()
    assert not bundle.is_current(project)


@pytest.fixture
def frozen_bun(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the bun of a build beside a package.json that names one package; the real bun echoes."""
    real = tmp_path / "real-bun"
    real.write_text('#!/bin/sh\necho "real bun: $*"\n')
    real.chmod(0o755)
    (tmp_path / "package.json").write_text('{"dependencies": {"@react-router/node": "8.4.0"}}')

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [PROJECT / "scripts" / "frozen" / "bun", *arguments]
        env = os.environ | {"NARAIGOTO_BUN": str(real)}
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)

    return run


def test_a_build_installs_no_package_beside_the_lock(
    frozen_bun: Callable[..., subprocess.CompletedProcess[str]],
):
    added = frozen_bun("add", "--legacy-peer-deps", "@react-router/node@8.4.0")
    assert (added.returncode, added.stdout) == (0, "")
    for change in (("add", "@react-router/node@8.4.1"), ("add", "-D", "vite"), ("remove", "vite")):
        refused = frozen_bun(*change)
        assert refused.returncode == 1
        assert "make lock" in refused.stderr
    assert frozen_bun("install", "--frozen-lockfile").stdout == "real bun: install --frozen-lockfile\n"


def test_the_lock_of_the_browser_has_a_hash_for_each_package_and_files_for_each_machine():
    lock = (PROJECT / "reflex.lock" / "bun.lock").read_text()
    assert "://" not in lock
    packages = re.findall(
        r'^    "([^"]+)": \["([^"]+)@([^"@]+)", .*?("sha512-[^"]+")?\],$', lock, re.MULTILINE
    )
    assert len(packages) > 100
    assert [name for name, _, _, digest in packages if not digest] == []
    versions = {(name, version) for _, name, version, _ in packages}
    for prefix in ("@rolldown/binding-", "@tailwindcss/oxide-", "lightningcss-"):
        made = {version for name, version in versions if name == f"{prefix}linux-x64-gnu"}
        assert made
        for machine in ("linux-arm64-gnu", "darwin-arm64"):
            assert {version for name, version in versions if name == f"{prefix}{machine}"} == made
