"""The lock is complete by itself for every supported Python and system."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import distributions
from typing import Any
from urllib.parse import unquote

import pytest
from packaging import tags
from packaging.markers import Environment, Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from naraigoto.settings import PROJECT
from scripts.check_installed import locked_versions, problems, unmet_requirements
from scripts.lock import EXPORTS, LOCK

PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))
FILES = tuple(EXPORTS)


@dataclass(frozen=True)
class Target:
    """A Python on a system that the lock must serve."""

    python: tuple[int, int]
    system: str
    machine: str

    def __str__(self) -> str:
        return f"{self.system}-{self.machine}-{self.python[0]}.{self.python[1]}"

    @cached_property
    def environment(self) -> Environment:
        """Values of PEP 508's markers there."""
        version = ".".join(map(str, self.python))
        there: dict[str, str] = {
            "python_version": version,
            "python_full_version": f"{version}.9",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "sys_platform": self.system.lower(),
            "platform_system": self.system,
            "platform_machine": self.machine,
            "os_name": "posix",
        }
        return {**default_environment(), **there}  # pyright: ignore[reportReturnType]

    @cached_property
    def tags(self) -> frozenset[tags.Tag]:
        """Tags of the wheels that can be installed there: Debian 12's glibc, macOS 14."""
        if self.system == "Linux":
            names = [f"manylinux_2_{minor}" for minor in range(36, 4, -1)]
            platforms = [
                f"{name}_{self.machine}" for name in (*names, "manylinux2014", "manylinux1", "linux")
            ]
        else:
            platforms = list(tags.mac_platforms((14, 0), self.machine))
        interpreter = f"cp{self.python[0]}{self.python[1]}"
        return frozenset(
            [
                *tags.cpython_tags(self.python, platforms=platforms),
                *tags.compatible_tags(self.python, interpreter, platforms),
            ]
        )


# Macs with Intel's processor are not served: cryptography and argon2 make no wheels for them any more.
MACHINES = (("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64"))
TARGETS = [Target(python, *machine) for python in PYTHONS for machine in MACHINES]


@cache
def lock() -> dict[tuple[str, str], dict[str, Any]]:
    """Packages of requirements.lock by name and version."""
    packages = tomllib.loads((PROJECT / LOCK).read_text())["package"]
    return {(package["name"], package["version"]): package for package in packages}


@cache
def hashes(file: str) -> dict[tuple[str, str], frozenset[str]]:
    """Hashes that a requirements file allows, by name and version."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for entry in (PROJECT / file).read_text().replace("\\\n", "").splitlines():
        if entry and not entry.startswith("#"):
            line, *allowed = entry.split("--hash=")
            requirement = Requirement(line)
            version = next(iter(requirement.specifier)).version
            found[canonicalize_name(requirement.name), version] = frozenset(map(str.strip, allowed))
    return found


@cache
def wheels(name: str, version: str) -> list[tuple[str, frozenset[tags.Tag]]]:
    """Hash and tags of each wheel of a package in requirements.lock."""
    files = lock()[name, version].get("wheels", [])
    return [(each["hash"], parse_wheel_filename(unquote(each["url"].rsplit("/", 1)[1]))[3]) for each in files]


@pytest.mark.parametrize("target", TARGETS, ids=str)
@pytest.mark.parametrize("file", FILES)
def test_each_machine_finds_a_wheel_whose_hash_is_locked(file: str, target: Target):
    missing = [
        pinned
        for pinned in locked_versions(PROJECT / file, target.environment).items()
        if not any(digest in hashes(file)[pinned] and fits & target.tags for digest, fits in wheels(*pinned))
    ]
    assert missing == []


@pytest.mark.parametrize("target", TARGETS, ids=str)
@pytest.mark.parametrize("file", FILES)
def test_what_a_locked_package_needs_on_a_machine_is_locked_too(file: str, target: Target):
    locked = locked_versions(PROJECT / file, target.environment)
    assert sorted(_needed(file, target)) == sorted(locked.items())


@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_what_the_installed_packages_say_of_themselves_is_met_on_each_machine(target: Target):
    locked = locked_versions(PROJECT / "requirements-dev.txt", target.environment)
    requires: dict[str, list[str]] = {
        canonicalize_name(each.name): each.requires or [] for each in distributions()
    }
    same_here = {name: lines for name, lines in requires.items() if name in locked}
    assert list(unmet_requirements(locked, same_here, target.environment)) == []


def test_what_is_installed_is_the_lock():
    assert problems(PROJECT / "requirements-dev.txt", distributions()) == []


def test_the_files_to_run_and_to_develop_pin_the_same_versions():
    run, dev = (locked_versions(PROJECT / file) for file in FILES)
    assert run.items() <= dev.items()


def test_no_file_of_the_lock_names_the_host_of_an_index():
    for file in (*FILES, LOCK):
        text = (PROJECT / file).read_text()
        hosts = {part.split("/")[0] for part in text.split("://")[1:]}
        assert hosts <= {"index.invalid", "files.invalid"}, file


def test_pyproject_asks_for_nothing_that_the_lock_does_not_give():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    locked = locked_versions(PROJECT / "requirements-dev.txt")
    assert list(unmet_requirements(locked, {"naraigoto": wanted})) == []


def _needed(file: str, target: Target) -> Iterator[tuple[str, str]]:
    """Name and version of everything reachable from the project in requirements.lock on that machine."""
    project = next(package for (name, _), package in lock().items() if name == "naraigoto")
    start = [*project["dependencies"], *(project["dev-dependencies"]["dev"] if "dev" in file else [])]
    waiting, seen = [(each, "") for each in start], set[tuple[str, str, str]]()
    while waiting:
        edge, _ = waiting.pop()
        if "marker" in edge and not Marker(edge["marker"]).evaluate(target.environment | {"extra": ""}):  # pyright: ignore
            continue
        version = edge.get("version") or next(v for (name, v) in lock() if name == edge["name"])
        package = lock()[edge["name"], version]
        for extra in ("", *edge.get("extra", [])):
            if (edge["name"], version, extra) in seen:
                continue
            seen.add((edge["name"], version, extra))
            more = (
                package.get("optional-dependencies", {}).get(extra, [])
                if extra
                else package.get("dependencies", [])
            )
            waiting += [(each, extra) for each in more]
    yield from {(name, version) for name, version, _ in seen}
