"""Compare this environment with the lock: `python scripts/check_installed.py requirements.txt`.

The lock is installed without resolving, so nothing else would notice a requirement that it does not meet.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import cast

from packaging.markers import Environment, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# A virtual environment brings them along; nothing of ours asks for them.
_FROM_VENV = {"pip", "setuptools"}
Versions = dict[str, str]


def main() -> None:
    """End with status 1 and one line for each difference."""
    lines = problems(Path(sys.argv[1]), list(distributions()))
    sys.exit("\n".join(lines) or None)


def problems(requirements: Path, installed: Iterable[Distribution]) -> list[str]:
    """Return one line for each distribution that differs from the lock and each requirement not met by it."""
    locked = locked_versions(requirements)
    present: dict[str, Distribution] = {canonicalize_name(each.name): each for each in installed}
    unknown = present.keys() - locked.keys() - _FROM_VENV
    requires = {name: each.requires or [] for name, each in present.items() if name in locked}
    return [
        *(
            f"{name}=={version}: installed {present[name].version if name in present else 'nothing'}"
            for name, version in locked.items()
            if name not in present or present[name].version != version
        ),
        *(f"{name}: not in {requirements.name}" for name in sorted(unknown)),
        *unmet_requirements(locked, requires),
    ]


def locked_versions(requirements: Path, environment: Environment | None = None) -> Versions:
    """Read name → version of the lines whose marker holds in the environment (default: this one).

    Raises: ValueError for a line that does not pin exactly one version, or a name that is pinned twice.
    """
    versions: Versions = {}
    for line in requirements.read_text().splitlines():
        if line.startswith(("#", " ")) or not line.strip():
            continue
        requirement = Requirement(line.rstrip("\\ "))
        if not _applies(requirement, environment or default_environment()):
            continue
        name, pins = canonicalize_name(requirement.name), list(requirement.specifier)
        if len(pins) != 1 or pins[0].operator != "==" or name in versions:
            raise ValueError(line)
        versions[name] = pins[0].version
    return versions


def unmet_requirements(
    locked: Versions, requires: Mapping[str, list[str]], environment: Environment | None = None
) -> Iterator[str]:
    """Yield a line for each requirement, also of an extra asked for, that the lock does not meet.

    `requires` holds the Requires-Dist lines (PEP 508) of each distribution.
    """
    where = environment or default_environment()
    extras: dict[str, set[str]] = defaultdict(lambda: {""})
    waiting = sorted(requires)
    while waiting:
        name = waiting.pop()
        for line in requires.get(name, []):
            requirement = Requirement(line)
            if not any(_applies(requirement, where, extra) for extra in extras[name]):
                continue
            needed = canonicalize_name(requirement.name)
            if needed not in locked or not requirement.specifier.contains(locked[needed], prereleases=True):
                yield f"{name} requires {requirement}: locked {locked.get(needed, 'nothing')}"
            if not requirement.extras <= extras[needed]:
                extras[needed] |= requirement.extras
                waiting.append(needed)


def _applies(requirement: Requirement, environment: Environment, extra: str = "") -> bool:
    marker = requirement.marker
    return marker is None or marker.evaluate(cast("dict[str, str]", environment) | {"extra": extra})


if __name__ == "__main__":
    main()
