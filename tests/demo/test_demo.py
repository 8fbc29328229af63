"""The demo is whole, sound and the same for the same seed (contract.md §3)."""

from datetime import date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from naraigoto import clock, demo
from naraigoto.demo.checking import broken_rules
from naraigoto.reference import categories, plain_url
from naraigoto.services.passwords import verify_secret
from tests.database import cluster, throwaway
from tests.demo.conftest import EVENING, SMALL, one


def test_there_are_sixty_schools_over_eight_areas_and_every_genre(db: psycopg.Connection) -> None:
    schools, in_areas, in_genres = db.execute(
        "SELECT count(*), count(DISTINCT area_code), count(DISTINCT category_code) FROM schools_stats"
    ).fetchone() or (0, 0, 0)
    assert schools >= 60
    assert in_areas >= 8
    assert in_genres == len(categories())


@pytest.mark.parametrize(
    ("email", "kind"),
    [
        ("parent@example.com", "parent"),
        ("parent2@example.com", "parent"),
        ("owner@example.com", "school_owner"),
        ("owner2@example.com", "school_owner"),
        ("admin@example.com", "admin"),
    ],
)
def test_everybody_signs_in_with_the_demo_password(db: psycopg.Connection, email: str, kind: str) -> None:
    found = db.execute(
        "SELECT u.type, i.subject = u.id::text, i.secret_hash FROM users u"
        " JOIN identities i ON i.user_id = u.id"
        " WHERE u.email = %s AND u.email_verified_at IS NOT NULL AND i.issuer = ''",
        [email],
    ).fetchone()
    assert found
    assert found[:2] == (kind, True)
    assert verify_secret(found[2], "naraigoto-demo")


@pytest.mark.parametrize("login", ["hana", "sota"])
def test_the_children_sign_in_with_the_family_code(db: psycopg.Connection, login: str) -> None:
    stored = one(
        db,
        "SELECT passcode_hash FROM family_members m JOIN families f ON f.id = m.family_id"
        " WHERE family_code = 'DEMO01' AND login_name = %s",
        login,
    )
    assert verify_secret(str(stored), "2580")


def test_neighbours_cannot_sign_in(db: psycopg.Connection) -> None:
    assert one(db, "SELECT count(*) FROM identities") == 5


def test_the_first_family_has_a_plan_and_tickets_of_two_months(db: psycopg.Connection) -> None:
    assert (
        one(
            db,
            "SELECT s.plan FROM subscriptions s JOIN families f ON f.id = s.family_id"
            " WHERE family_code = 'DEMO01' AND status = 'active'",
        )
        == "standard"
    )
    balances = dict(
        db.execute(
            "SELECT month, balance FROM ticket_balances t JOIN families f ON f.id = t.family_id"
            " WHERE family_code = 'DEMO01' AND expires_on >= %s",
            [EVENING.date()],
        ).fetchall()
    )
    assert balances[date(2026, 11, 1)] >= 3
    assert balances[date(2026, 10, 1)] >= 1


def test_the_second_family_has_one_child_and_no_plan(db: psycopg.Connection) -> None:
    assert db.execute(
        "SELECT (SELECT count(*) FROM family_members m WHERE m.family_id = f.id),"
        " (SELECT count(*) FROM subscriptions s WHERE s.family_id = f.id),"
        " (SELECT count(*) FROM ticket_balances t WHERE t.family_id = f.id)"
        " FROM families f WHERE family_code = 'DEMO02'"
    ).fetchone() == (1, 0, 0)


def test_the_first_family_has_lessons_reviewed_unreviewed_and_to_come(
    db: psycopg.Connection,
) -> None:
    rows = db.execute(
        "SELECT b.status, lower(b.period) > %s,"
        " EXISTS (SELECT FROM reviews_parent r WHERE r.booking_id = b.id),"
        " EXISTS (SELECT FROM reviews_child r WHERE r.booking_id = b.id)"
        " FROM bookings b JOIN families f ON f.id = b.family_id WHERE family_code = 'DEMO01'",
        [EVENING],
    ).fetchall()
    assert rows.count(("attended", False, True, True)) >= 2
    assert rows.count(("attended", False, False, False)) >= 2
    assert ("reserved", True, False, False) in rows
    assert ("cancelled", True, False, False) in rows


def test_each_owner_owns_one_school(db: psycopg.Connection) -> None:
    assert db.execute(
        "SELECT u.email, s.name FROM school_members m JOIN users u ON u.id = m.user_id"
        " JOIN schools s ON s.id = m.school_id WHERE u.email LIKE 'owner%%' ORDER BY 1"
    ).fetchall() == [
        ("owner2@example.com", "こもれびピアノ教室"),
        ("owner@example.com", "スマイルスイミング渋谷"),
    ]


def test_the_first_family_stands_on_todays_roster_of_the_pool(db: psycopg.Connection) -> None:
    names = db.execute(
        "SELECT f.family_code FROM bookings b JOIN families f ON f.id = b.family_id"
        " JOIN lesson_schedules l ON l.id = b.schedule_id JOIN schools s ON s.id = l.school_id"
        " WHERE s.name = 'スマイルスイミング渋谷' AND l.start_date_jst = %s AND b.status = 'reserved'",
        [EVENING.date()],
    ).fetchall()
    assert ("DEMO01",) in names
    assert len(names) >= 3


def test_every_rule_holds(db: psycopg.Connection) -> None:
    assert broken_rules(db, now=EVENING) == {}


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 12, 1, 0, 0, tzinfo=clock.JST),
        datetime(2026, 12, 30, 19, 0, tzinfo=clock.JST),
        datetime(2026, 12, 31, 23, 50, tzinfo=clock.JST),
        datetime(2027, 1, 1, 8, 0, tzinfo=clock.JST),
        datetime(2027, 2, 28, 18, 30, tzinfo=clock.JST),
        datetime(2027, 4, 1, 5, 0, tzinfo=clock.JST),
        datetime(2028, 2, 29, 12, 0, tzinfo=clock.JST),
    ],
    ids=lambda moment: f"{moment:%Y-%m-%d %H:%M}",
)
def test_the_demo_is_sound_whenever_it_is_loaded(template: str, media: Path, moment: datetime) -> None:
    with throwaway(cluster(), template) as url:
        demo.load(url, now=moment, media=media, picture_width=SMALL)
        with psycopg.connect(plain_url(url)) as db:
            assert broken_rules(db, now=moment) == {}
            assert _bookable_swimming_lessons(db, moment) >= 3
            assert _days_with_lessons(db, moment, 7) == 7
            month = clock.month_of(moment)
            assert (
                one(
                    db,
                    "SELECT balance FROM ticket_balances t JOIN families f ON f.id = t.family_id"
                    " WHERE family_code = 'DEMO01' AND month = %s",
                    month,
                )
                == 4
            )


def test_hana_can_book_a_swimming_lesson_near_shibuya_within_days(db: psycopg.Connection) -> None:
    assert _bookable_swimming_lessons(db, EVENING) >= 3


def _bookable_swimming_lessons(db: psycopg.Connection, now: datetime) -> int:
    return int(
        str(
            one(
                db,
                """SELECT count(*) FROM lesson_schedules l JOIN classes c ON c.id = l.class_id
             JOIN schools s ON s.id = l.school_id CROSS JOIN family_members m
           WHERE m.login_name = 'hana' AND s.category_code = 'swim' AND s.area_code = '13113'
             AND l.booked_count < l.capacity
             AND l.start_at BETWEEN %s + make_interval(hours => s.booking_cutoff_hours) AND %s
             AND extract(year FROM age(l.start_date_jst, m.birth_month)) BETWEEN c.age_min AND c.age_max
             AND NOT EXISTS (SELECT FROM bookings b WHERE b.user_id = m.user_id AND b.status <> 'cancelled'
                             AND b.period && tstzrange(l.start_at, l.end_at))""",
                now,
                now + timedelta(days=4),
            )
        )
    )


def _days_with_lessons(db: psycopg.Connection, now: datetime, days: int) -> object:
    """On how many of the days after this one the school of the walk-through has lessons."""
    return one(
        db,
        """SELECT count(DISTINCT start_date_jst) FROM lesson_schedules l JOIN schools s ON s.id = l.school_id
            WHERE s.name = 'スマイルスイミング渋谷' AND start_date_jst > %s AND start_date_jst <= %s""",
        clock.jst_date(now),
        clock.jst_date(now) + timedelta(days=days),
    )


def test_some_lessons_are_full_and_some_lie_at_the_same_hour_nearby(db: psycopg.Connection) -> None:
    full = "booked_count = capacity AND capacity > 1 AND start_at > %s"
    assert one(db, f"SELECT count(*) FROM lesson_schedules WHERE {full}", EVENING)
    assert one(
        db,
        """SELECT count(*) FROM lesson_schedules a
             JOIN lesson_schedules b ON b.start_at = a.start_at AND b.school_id > a.school_id
             JOIN schools s ON s.id = a.school_id JOIN schools t ON t.id = b.school_id
           WHERE ST_DWithin(s.location, t.location, 5000) AND a.booked_count < a.capacity
             AND b.booked_count < b.capacity AND a.start_at BETWEEN %s AND %s""",
        EVENING,
        EVENING + timedelta(days=7),
    )


def test_most_schools_show_a_rating_of_both_voices(db: psycopg.Connection) -> None:
    shown = one(
        db, "SELECT count(*) FROM schools_stats WHERE parent_review_count >= 3 AND child_review_count >= 3"
    )
    assert isinstance(shown, int)
    assert shown >= 30


def test_no_school_repeats_itself(db: psycopg.Connection) -> None:
    for table in ("reviews_parent", "reviews_child"):
        assert (
            one(
                db,
                f"SELECT count(*) - count(DISTINCT (target_id, comment)) FROM {table}",
            )
            == 0
        )
    for column in ("name", "summary", "description"):
        assert one(db, f"SELECT count(DISTINCT {column}) = count(*) FROM schools")
    assert one(db, "SELECT max(length(summary)) <= 60 FROM schools")
