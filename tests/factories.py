"""Plain functions that make rows for tests; every one takes `**over` for the fields that matter."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock
from naraigoto.actor import Actor
from naraigoto.models.accounts import Identity, IdentityProvider, User, UserType
from naraigoto.models.base import new_id
from naraigoto.models.bookings import Booking
from naraigoto.models.families import Family, FamilyGuardian, FamilyMember
from naraigoto.models.reviews import ChildReview, ParentReview, ReviewTarget
from naraigoto.models.schedules import LessonSchedule
from naraigoto.models.schools import Class, Instructor, School, SchoolMember, SchoolRole, SchoolStatus
from naraigoto.models.search import Area, Category
from naraigoto.models.tickets import TicketBalance, TicketEntry, TicketReason
from naraigoto.services import passwords, sessions

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=clock.JST)
SHIBUYA = (35.664, 139.698)
PASSWORD = "correct horse battery"
Row = TypeVar("Row")
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def point(lat: float, lng: float) -> str:
    """A geography value of PostGIS."""
    return f"SRID=4326;POINT({lng} {lat})"


def code_of(number: UUID) -> str:
    """Six characters that no other test row has."""
    rest = number.int
    letters = []
    for _ in range(6):
        rest, place = divmod(rest, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "".join(letters)


async def make_area(session: AsyncSession, code: str = "13113", **over: Any) -> Area:
    """渋谷区, unless told otherwise; the existing row when there is one."""
    found = await session.get(Area, code)
    if found is not None:
        return found
    values: dict[str, Any] = {
        "prefecture": "東京都",
        "name": "渋谷区",
        "kana": "しぶやく",
        "centre": point(*SHIBUYA),
    } | over
    return await _added(session, Area(code=code, **values))


async def make_category(session: AsyncSession, code: str = "swim", **over: Any) -> Category:
    """水泳, unless told otherwise; the existing row when there is one."""
    found = await session.get(Category, code)
    if found is not None:
        return found
    values: dict[str, Any] = {"name": "水泳", "kana": "すいえい"} | over
    return await _added(session, Category(code=code, **values))


async def make_user(session: AsyncSession, kind: UserType = UserType.PARENT, **over: Any) -> User:
    """A person with a verified address (children without)."""
    number = new_id()
    email = None if kind is UserType.CHILD else f"{number}@example.com"
    values: dict[str, Any] = {
        "id": number,
        "type": kind,
        "name": "花子",
        "email": email,
        "email_verified_at": NOW,
    } | over
    return await _added(session, User(**values))


async def make_family(session: AsyncSession, *, guardian: User | None = None, **over: Any) -> Family:
    """A family with its owner guardian."""
    guardian = guardian or await make_user(session)
    number = new_id()
    values: dict[str, Any] = {
        "id": number,
        "name": "山田家",
        "parent_user_id": guardian.id,
        "family_code": code_of(number),
    } | over
    return await _added(session, Family(**values))


async def make_child(session: AsyncSession, family: Family, *, name: str = "そら", **over: Any) -> User:
    """A child of the family, seven years old at NOW."""
    child = await make_user(session, UserType.CHILD, name=name)
    values: dict[str, Any] = {
        "login_name": str(child.id)[-12:],
        "passcode_hash": "-",
        "birth_month": clock.jst_date(NOW).replace(year=2019, month=5, day=1),
    } | over
    await _added(session, FamilyMember(family_id=family.id, user_id=child.id, **values))
    return child


async def make_co_guardian(session: AsyncSession, family: Family, **over: Any) -> User:
    """One more guardian of the family."""
    guardian = await make_user(session, name=over.pop("name", "太郎"), **over)
    await _added(session, FamilyGuardian(family_id=family.id, user_id=guardian.id))
    return guardian


async def make_school(session: AsyncSession, *, owner: User | None = None, **over: Any) -> School:
    """A published swimming school in 渋谷区, with its owner."""
    area = await make_area(session, over.pop("area_code", "13113"))
    category = await make_category(session, over.pop("category_code", "swim"))
    values: dict[str, Any] = {
        "name": "スマイル水泳",
        "name_kana": "すまいるすいえい",
        "area_code": area.code,
        "category_code": category.code,
        "location": point(*SHIBUYA),
        "status": SchoolStatus.PUBLISHED,
        "published_at": NOW - timedelta(days=100),
    } | over
    school = await _added(session, School(**values))
    owner = owner or await make_user(session, UserType.SCHOOL_OWNER, name="伊藤")
    await _added(session, SchoolMember(school_id=school.id, user_id=owner.id, role=SchoolRole.OWNER))
    return school


async def make_instructor(session: AsyncSession, school: School, **over: Any) -> Instructor:
    """A teacher of the school."""
    values: dict[str, Any] = {"name": "鈴木 恵"} | over
    return await _added(session, Instructor(school_id=school.id, **values))


async def make_class(session: AsyncSession, school: School, **over: Any) -> Class:
    """A class of 50 minutes for 4 to 12 years, one ticket."""
    values: dict[str, Any] = {
        "title": "はじめての水泳",
        "capacity": 5,
        "duration_min": 50,
        "age_min": 4,
        "age_max": 12,
    } | over
    return await _added(session, Class(school_id=school.id, **values))


async def make_schedule(session: AsyncSession, lesson: Class, **over: Any) -> LessonSchedule:
    """A slot three days after NOW at 10:00 in Japan."""
    start = over.pop("start_at", (NOW + timedelta(days=3)).replace(hour=10))
    values: dict[str, Any] = {
        "class_id": lesson.id,
        "school_id": lesson.school_id,
        "start_at": start,
        "end_at": start + timedelta(minutes=lesson.duration_min),
        "capacity": lesson.capacity,
    } | over
    return await _added(session, LessonSchedule(**values))


async def grant_tickets(session: AsyncSession, family: Family, count: int = 4, **over: Any) -> TicketBalance:
    """A bucket with `count` tickets and the entry that explains them."""
    month = over.pop("month", clock.month_of(NOW))
    values: dict[str, Any] = {"expires_on": clock.add_months(month, 2) - timedelta(days=1)} | over
    bucket = await _added(session, TicketBalance(family_id=family.id, month=month, balance=count, **values))
    entry = TicketEntry(
        family_id=family.id,
        balance_id=bucket.id,
        delta=count,
        reason=TicketReason.GRANT,
        source_key=f"test:{bucket.id}",
        created_at=NOW,
    )
    await _added(session, entry)
    return bucket


async def make_booking(
    session: AsyncSession, schedule: LessonSchedule, child: User, family: Family, **over: Any
) -> Booking:
    """A reserved seat, as book_lesson() leaves it but without tickets or thread."""
    schedule.booked_count += 1
    session.add(schedule)
    values: dict[str, Any] = {
        "instructor_id": schedule.instructor_id,
        "booked_by": family.parent_user_id,
        "period": Range(schedule.start_at, schedule.end_at),
        "consumed_tickets": 1,
        "cancel_until": schedule.start_at - timedelta(hours=14),
        "created_at": NOW,
    } | over
    return await _added(
        session, Booking(user_id=child.id, family_id=family.id, schedule_id=schedule.id, **values)
    )


@dataclass(frozen=True)
class Booked:
    """A booking and everybody around it."""

    family: Family
    guardian: User
    child: User
    school: School
    owner: User
    lesson: Class
    schedule: LessonSchedule
    booking: Booking


async def make_booked(
    session: AsyncSession,
    *,
    guardian: User | None = None,
    owner: User | None = None,
    school: School | None = None,
    **schedule: Any,
) -> Booked:
    """A family's child booked into a slot of a school; `schedule` goes to make_schedule."""
    guardian = guardian or await make_user(session)
    owner = owner or await make_user(session, UserType.SCHOOL_OWNER, name="伊藤")
    family = await make_family(session, guardian=guardian)
    child = await make_child(session, family)
    school = school or await make_school(session, owner=owner)
    lesson = await make_class(session, school)
    slot = await make_schedule(session, lesson, **schedule)
    booking = await make_booking(session, slot, child, family)
    return Booked(family, guardian, child, school, owner, lesson, slot, booking)


async def make_review(
    session: AsyncSession,
    booked: Booked,
    kind: type[ParentReview] | type[ChildReview] = ParentReview,
    **over: Any,
) -> ParentReview | ChildReview:
    """A published review of the school by the guardian or the child of a booking."""
    parent = kind is ParentReview
    values: dict[str, Any] = {
        "author_user_id": (booked.guardian if parent else booked.child).id,
        "target_type": ReviewTarget.SCHOOL,
        "target_id": booked.school.id,
        "rating": 4,
        "comment": "先生がていねいでした" if parent else "たのしかった",
        "created_at": NOW,
    } | over
    review = kind(
        booking_id=booked.booking.id, family_id=booked.family.id, school_id=booked.school.id, **values
    )
    return await _added(session, review)


async def give_password(session: AsyncSession, user: User, password: str = PASSWORD) -> Identity:
    """Let the person sign in with a password."""
    identity = Identity(
        user_id=user.id,
        provider=IdentityProvider.LOCAL,
        subject=str(user.id),
        secret_hash=passwords.hash_secret(password),
        created_at=NOW,
    )
    return await _added(session, identity)


async def actor_of(session: AsyncSession, user: User) -> Actor:
    """The Actor that a session of this user would give."""
    owned = (await session.exec(select(Family.id).where(Family.parent_user_id == user.id))).first()
    joined = (
        await session.exec(select(FamilyGuardian.family_id).where(FamilyGuardian.user_id == user.id))
    ).first()
    born = (await session.exec(select(FamilyMember.family_id).where(FamilyMember.user_id == user.id))).first()
    schools = (
        await session.exec(select(SchoolMember.school_id).where(col(SchoolMember.user_id) == user.id))
    ).all()
    return Actor(
        user_id=user.id,
        type=user.type,
        family_id=owned or joined or born,
        owns_family=owned is not None,
        school_ids=frozenset(schools),
    )


async def _added(session: AsyncSession, row: Row) -> Row:
    session.add(row)
    await session.flush()
    return row


async def cookie_of(session: AsyncSession, user: User) -> dict[str, str]:
    """Headers of a browser in which this user is signed in now."""
    opened = await sessions.create(session, user.id, user_agent="test", now=clock.now())
    return {"Cookie": f"naraigoto_session={opened.token}"}
