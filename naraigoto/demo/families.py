"""The families of the demo: the two one can sign in as, and the neighbours who fill the lessons."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from naraigoto.clock import JST, add_months, jst_midnight, month_of
from naraigoto.demo.content import common
from naraigoto.demo.world import FOUNDED, Child, Household, World

CONSENT_VERSION = "2026-04-01"
# How many neighbours live where; more schools, more families.
_NEIGHBOURS = {"関東": 46, "関西": 12, "東海": 5, "九州": 5, "北海道": 4, "東北": 4}
_PLANS = ("family", "standard", "family", "light", "family", "standard")


@dataclass(frozen=True)
class Secrets:
    """Hashes of the two secrets of the demo, made once."""

    password: str
    passcode: str


def school_year_of(now: datetime) -> int:
    """The Japanese school year (from April) in which the moment falls."""
    day = now.astimezone(JST).date()
    return day.year if day.month >= 4 else day.year - 1


def first_family(world: World, secrets: Secrets) -> Household:
    """田中家: a plan, tickets, はな in second grade and そうた before school."""
    year = school_year_of(world.now)
    home = _household(
        world, "demo01", "田中 美咲", "parent@example.com", "田中家", "DEMO01", "関東", "standard"
    )
    home.since = jst_midnight(add_months(month_of(world.now), -5))
    _child(world, home, secrets, "はな", "hana", date(year - 8, 7, 1), "水泳、ピアノ")
    _child(world, home, secrets, "そうた", "sota", date(year - 6, 10, 1), "サッカー、工作")
    return home


def second_family(world: World, secrets: Secrets) -> Household:
    """小林家: one child, no plan yet."""
    year = school_year_of(world.now)
    home = _household(world, "demo02", "小林 健太", "parent2@example.com", "小林家", "DEMO02", "関東", None)
    _child(world, home, secrets, "りこ", "riko", date(year - 9, 5, 1), "ダンス")
    return home


def neighbours(world: World, secrets: Secrets) -> None:
    """The other families; nobody signs in as them."""
    names = common()
    number = 0
    for region, count in _NEIGHBOURS.items():
        for _ in range(count):
            surname, _kana = names.surnames[(number * 7 + 5) % len(names.surnames)]
            given, _kana = names.given[(number * 11 + 2) % len(names.given)]
            home = _household(
                world,
                f"family{number:02d}",
                f"{surname} {given}",
                f"family{number + 1:02d}@example.com",
                f"{surname}家",
                f"NB{number:04d}",
                region,
                _PLANS[number % len(_PLANS)],
            )
            for turn in range(1 + number % 3 % 2 + (number % 7 == 3)):
                name = names.children[(number * 5 + turn * 13) % len(names.children)]
                age = 3 + (number * 3 + turn * 4) % 9
                born = add_months(month_of(world.now), -12 * age - world.dice.randrange(12))
                _child(world, home, secrets, name, f"child{turn + 1}", born, "")
            number += 1


def _household(
    world: World, key: str, parent: str, email: str, name: str, code: str, region: str, plan: str | None
) -> Household:
    parent_id = _person(world, key, "parent", email, parent)
    home = Household(
        world.id("family", key),
        parent_id,
        region,
        plan,
        world.now - timedelta(days=world.dice.randint(70, 200)),
    )
    world.rows.add(
        "families",
        id=home.id,
        name=name,
        parent_user_id=parent_id,
        family_code=code,
        stripe_customer_id=f"cus_demo_{key}" if plan else None,
        created_at=FOUNDED,
    )
    for document in ("terms", "privacy", "child_profile", *(("subscription",) if plan else ())):
        world.rows.add(
            "consents",
            id=world.id("consent", f"{key}/{document}"),
            user_id=parent_id,
            document=document,
            version=CONSENT_VERSION,
            created_at=FOUNDED,
        )
    world.households.append(home)
    return home


def _child(
    world: World, home: Household, secrets: Secrets, name: str, login: str, born: date, interests: str
) -> None:
    child = Child(world.id("child", f"{home.id}/{login}"), name, born)
    world.rows.add(
        "users", id=child.id, type="child", email=None, name=name, email_verified_at=None, created_at=FOUNDED
    )
    world.rows.add(
        "family_members",
        family_id=home.id,
        user_id=child.id,
        login_name=login,
        passcode_hash=secrets.passcode,
        birth_month=born,
        interests=interests,
        created_at=FOUNDED,
    )
    home.children.append(child)


def _person(world: World, key: str, kind: str, email: str, name: str) -> UUID:
    user = world.id("user", key)
    world.rows.add(
        "users",
        id=user,
        type=kind,
        email=email,
        name=name,
        email_verified_at=FOUNDED,
        created_at=FOUNDED,
    )
    return user


def account(world: World, key: str, kind: str, email: str, name: str, secrets: Secrets) -> UUID:
    """A person without a family who signs in with the demo password."""
    user = _person(world, key, kind, email, name)
    sign_in(world, user, secrets)
    return user


def sign_in(world: World, user: UUID, secrets: Secrets) -> None:
    """Let this person in with the demo password."""
    world.rows.add(
        "identities",
        id=world.id("identity", user),
        user_id=user,
        provider="local",
        issuer="",
        subject=str(user),
        secret_hash=secrets.password,
        created_at=FOUNDED,
    )
