"""What a guardian writes about a child, and which of it a rule accepts."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from naraigoto import clock
from naraigoto.errors import InvalidInput
from naraigoto.rules import (
    AGE_MAX,
    INTERESTS_MAX,
    LOGIN_NAME_MAX,
    NICKNAME_MAX,
    PASSCODE_LENGTH_MAX,
    PASSCODE_LENGTH_MIN,
)
from naraigoto.services.addresses import spaced
from naraigoto.services.families.reading import Person

_RISING = "0123456789" * 2


@dataclass(frozen=True, slots=True)
class ChildForm:
    """What a guardian writes about a child; None leaves a value as it is."""

    name: str | None = None
    login_name: str | None = None
    passcode: str | None = None
    birth_date: date | None = None
    interests: str | None = None


def checked(
    child: ChildForm, now: datetime, *, needed: tuple[str, ...] = (), known: Person | None = None
) -> dict[str, Any]:
    """The values as they are stored, without those that stay; `known` is the child as it was.

    Raises: InvalidInput for every field that no rule accepts.
    """
    wrong: dict[str, str] = {}
    values: dict[str, Any] = {}
    for field, check in _CHECKS.items():
        written = getattr(child, field)
        if written is None:
            if field in needed:
                wrong[field] = "required"
            continue
        values[field], problem = check(written)
        if problem:
            wrong[field] = problem
    born = values.get("birth_date", known.birth_month if known else None)
    if "birth_date" in values and not _plausible(values["birth_date"], now):
        wrong["birth_date"] = "birth"
    name = values.get("login_name") or (known.login_name if known else "") or ""
    if "passcode" not in wrong and _easy(values.get("passcode", ""), name, born):
        wrong["passcode"] = "passcode_easy"
    if wrong:
        raise InvalidInput(**wrong)
    return values


def _name(written: str) -> tuple[str, str]:
    name = spaced(written)
    return name, "required" if not name else "too_long" if len(name) > NICKNAME_MAX else ""


def _login_name(written: str) -> tuple[str, str]:
    name = unicodedata.normalize("NFKC", written).strip()
    if not name:
        return name, "required"
    if len(name) > LOGIN_NAME_MAX:
        return name, "too_long"
    usable = name[0].isalnum() and all(letter.isalnum() or letter in "-_." for letter in name)
    return name, "" if usable else "login_name"


def _passcode(written: str) -> tuple[str, str]:
    code = unicodedata.normalize("NFKC", written).strip()
    if not code:
        return code, "required"
    if not (code.isascii() and code.isalnum()):
        return code, "passcode"
    fits = PASSCODE_LENGTH_MIN <= len(code) <= PASSCODE_LENGTH_MAX
    return code, "" if fits else "passcode_length"


def _interests(written: str) -> tuple[str, str]:
    words = spaced(written)
    return words, "too_long" if len(words) > INTERESTS_MAX else ""


_CHECKS: dict[str, Any] = {
    "name": _name,
    "login_name": _login_name,
    "passcode": _passcode,
    "birth_date": lambda day: (day.replace(day=1), ""),  # the day itself is nobody's business (D17)
    "interests": _interests,
}


def _easy(code: str, login_name: str, born: date | None) -> bool:
    """What a brother tries first: 0000, 1234, 9876, the name, the year of birth."""
    if not code:
        return False
    known = {login_name.casefold(), str(born.year) if born else ""}
    straight = code in _RISING or code[::-1] in _RISING
    return len(set(code)) == 1 or straight or code.casefold() in known


def _plausible(born: date, now: datetime) -> bool:
    today = clock.jst_date(now)
    return born <= today and clock.age_on(today, born) <= AGE_MAX
