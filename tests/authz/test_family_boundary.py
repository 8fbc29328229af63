"""Property: whatever families there are, nobody is ever shown a row of another one (R129)."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.models.accounts import User
from naraigoto.models.schedules import LessonSchedule
from naraigoto.naraigoto import fastapi_app
from naraigoto.services import families, sessions
from tests.authz.screen import fire
from tests.factories import (
    cookie_of,
    grant_tickets,
    make_booking,
    make_child,
    make_class,
    make_co_guardian,
    make_family,
    make_schedule,
    make_school,
    make_user,
)
from tests.prepared import Prepare

HOME = "http://localhost:3000"
PAGES = {
    "family_state.load": "/family",
    "member_home_state.load": "/home",
    "booking_list_state.load": "/bookings",
    "kids_state.load": "/kids",
    "settings_state.load": "/settings",
    "session_state.load": "/",
}
# The link of an invitation is for whoever holds it; what the others show is the same for everybody.
NOT_ASKED = {"/api/v1/invitations/{token}"}


@dataclass
class Home:
    """A family: what is its own, and who looks."""

    own: set[str] = field(default_factory=set)
    ids: dict[str, str] = field(default_factory=dict)
    people: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Town:
    """Some families who meet in the same lessons."""

    homes: list[Home]
    ids: dict[str, str]

    def foreign(self, home: Home) -> set[str]:
        """Every name and id of the others."""
        return set().union(*(other.own for other in self.homes if other is not home))


async def settle(session: AsyncSession, dice: random.Random) -> Town:
    """Two to four families of any size; their children sit in the same slots."""
    school = await make_school(session)
    lesson = await make_class(session, school, capacity=20)
    start = clock.now() + timedelta(days=2)
    slots = [await make_schedule(session, lesson, start_at=start + timedelta(days=day)) for day in range(2)]
    homes = [await _family(session, dice, slots, number) for number in range(dice.randint(2, 4))]
    shared = {"school_id": str(school.id), "schedule_id": str(slots[0].id)}
    return Town(homes, shared)


async def _family(
    session: AsyncSession, dice: random.Random, slots: list[LessonSchedule], number: int
) -> Home:
    home = Home()

    def name(who: str) -> str:
        home.own.add(f"{who}〔{number}〕")
        return f"{who}〔{number}〕"

    owner = await make_user(session, name=name("親"))
    family = await make_family(session, guardian=owner, name=name("家"))
    people: list[User] = [owner]
    people += [await make_co_guardian(session, family, name=name("祖父")) for _ in range(dice.randint(0, 1))]
    for child_number in range(dice.randint(0, 3)):
        # Nothing that a random id or token could hold by chance.
        login_name = f"login-name-{number}-{child_number}"
        child = await make_child(session, family, name=name(f"子{child_number}"), login_name=login_name)
        home.own.add(login_name)
        people.append(child)
        for slot in dice.sample(slots, dice.randint(0, 2)):
            booking = await make_booking(session, slot, child, family)
            home.own.add(str(booking.id))
            home.ids["booking_id"] = str(booking.id)
    await grant_tickets(session, family, dice.randint(1, 9), month=clock.month_of(clock.now()))
    home.own |= {str(family.id), family.family_code, *(str(person.id) for person in people)}
    home.ids |= {"family_id": str(family.id), "user_id": str(people[-1].id)}
    home.people = [await cookie_of(session, person) for person in people]
    await _invite(session, home, owner, family.id)
    return home


async def _invite(session: AsyncSession, home: Home, owner: User, family_id: UUID) -> None:
    opened = await sessions.create(session, owner.id, user_agent="", now=clock.now())
    actor = await sessions.resolve(session, opened.token, now=clock.now())
    made = await families.invite(session, actor, family_id, now=clock.now())
    home.own |= {str(made.id), made.token}
    home.ids["invitation_id"] = str(made.id)


async def _settle(seed: int, session: AsyncSession) -> Town:
    return await settle(session, random.Random(seed))


_TOWNS = [partial(_settle, seed) for seed in (1, 2, 3, 5)]


@pytest.fixture(params=_TOWNS, ids=["1", "2", "3", "5"])
def prepare(request: pytest.FixtureRequest) -> Prepare[Town]:
    return request.param


@pytest.fixture
def town(prepared: Town) -> Town:
    return prepared


def _readings() -> list[str]:
    paths = fastapi_app.openapi()["paths"]
    return [path for path, methods in paths.items() if "get" in methods and path not in NOT_ASKED]


async def _read(
    client: httpx.AsyncClient, path: str, ids: dict[str, str], who: dict[str, str]
) -> httpx.Response:
    # As JSON, so that an export can be read too.
    return await client.get(path.format_map(_Ids(ids)), headers=who | {"Accept": "application/json"})


class _Ids(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "00000000-0000-7000-8000-000000000000"


async def test_no_reading_shows_anything_of_another_family(town: Town) -> None:
    transport = httpx.ASGITransport(app=fastapi_app)
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
        for home in town.homes:
            foreign = town.foreign(home)
            asked = [home.ids, *(other.ids for other in town.homes if other is not home)]
            for who in home.people:
                for path in _readings():
                    # Each address once; as one's own where the path holds no id of a family.
                    places = {path.format_map(_Ids(town.ids | ids)): ids for ids in reversed(asked)}
                    for place, ids in places.items():
                        answer = await _read(client, place, {}, who)
                        # What was asked for may stand in the answer's own address, never what it leads to.
                        leaked = [word for word in foreign - set(ids.values()) if word in answer.text]
                        assert leaked == [], (path, answer.text)
                        assert not (ids is not home.ids and "{family_id}" in path) or answer.status_code in {
                            403,
                            404,
                        }


async def test_no_page_shows_anything_of_another_family(town: Town) -> None:
    for home in town.homes:
        foreign = town.foreign(home)
        for who in home.people:
            for handler, path in PAGES.items():
                sent = await fire(((handler, {}),), cookie=who["Cookie"], path=path)
                assert [word for word in foreign if word in sent] == [], (handler, sent)


async def test_everybody_sees_their_own(town: Town) -> None:
    transport = httpx.ASGITransport(app=fastapi_app)
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
        for home in town.homes:
            for who in home.people:
                family: dict[str, Any] = (
                    await _read(client, "/api/v1/families/{family_id}", home.ids, who)
                ).json()
                assert len(family["members"]) == len(home.people)
                assert {person["name"] for person in family["members"]} <= home.own
