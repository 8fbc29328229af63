"""Golden checks of the mails about what becomes of a booking."""

from datetime import datetime
from email import message_from_bytes
from email.policy import SMTP
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from naraigoto import clock
from naraigoto.adapters.mail import Mail, mime
from naraigoto.services.notifications import Kind
from naraigoto.texts import mails, outbox
from tests.texts.test_mails import BOOKING, FACTS, NOW


def cancelled(side: str, **over: object) -> mails.Rendered:
    return mails.render("booking_cancelled", side, FACTS | over, public_url="https://np.test", now=NOW)


@pytest.mark.parametrize("part", ["text", "html"])
@pytest.mark.parametrize(
    ("kind", "tickets", "words"),
    [
        ("in_time", 1, ["次の予約をキャンセルしました", "1枚もどりました"]),
        ("late", 0, ["1枚使用済み", "期限を過ぎていた", "チケットがもどります"]),
        ("school", 2, ["スマイル水泳のご都合により", "2枚もどりました"]),
        ("admin", 1, ["事務局が", "1枚もどりました"]),
    ],
)
def test_the_guardian_reads_what_was_cancelled_and_where_the_tickets_are(
    part: str, kind: str, tickets: int, words: list[str]
) -> None:
    mail = getattr(cancelled("guardian", kind=kind, tickets=tickets), part)

    for word in (*words, "そらさん", "12/5(土) 10:00〜10:50", f"https://np.test/bookings/{BOOKING}"):
        assert word in mail


@pytest.mark.parametrize("part", ["text", "html"])
def test_the_school_reads_of_the_free_seat_and_nothing_of_tickets(part: str) -> None:
    mail = getattr(cancelled("school"), part)

    for word in ("席が1つ空きました", "そらさん（7歳）", "12/5(土) 10:00〜10:50", "https://np.test/school"):
        assert word in mail
    assert "チケット" not in mail
    assert "hanako@example.com" not in mail


@pytest.mark.parametrize("part", ["text", "html"])
def test_who_lost_a_lesson_reads_what_could_be_attended_instead(part: str) -> None:
    for kind in ("school", "admin"):
        mail = getattr(cancelled("guardian", kind=kind, school_id=SCHOOL_ID, alternatives=INSTEAD), part)

        assert "12/12(土) 10:00 はじめての水泳" in mail
        assert f"https://np.test/schools/{SCHOOL_ID}" in mail
    assert "かわりに" not in getattr(cancelled("guardian"), part)


@pytest.mark.parametrize("side", ["guardian", "school"])
def test_subjects_are_short(side: str) -> None:
    assert len(cancelled(side).subject) <= 30


SCHOOL_ID = UUID("01920000-0000-7000-8000-000000000002")
INSTEAD = [{"start_at": datetime(2026, 12, 12, 10, 0, tzinfo=clock.JST), "lesson": "はじめての水泳"}]
MORE: dict[str, Any] = {
    "children": ["そら", "うみ"],
    "before": datetime(2026, 12, 5, 15, 0, tzinfo=clock.JST),
    "answer_by": datetime(2026, 11, 25, 12, 0, tzinfo=clock.JST),
    "until": datetime(2026, 11, 24, 14, 0, tzinfo=clock.JST),
    "reason": "講師急病のため",
    "school_id": SCHOOL_ID,
    "schedule_id": SCHOOL_ID,
    "alternatives": INSTEAD,
}
EXPECTED = {
    ("booking_rescheduled", "guardian"): ["12/5(土) 10:00〜10:50", "12/5(土) 15:00", "そのまま使われます"],
    ("booking_rescheduled", "school"): ["12/5(土) 15:00", "そらさん（7歳）", "花子さん"],
    ("schedule_cancelled", "guardian"): [
        "休講",
        "そらさん、うみさん",
        "講師急病のため",
        "チケット1枚をお返ししました",
        "12/12(土) 10:00 はじめての水泳",
        f"https://np.test/schools/{SCHOOL_ID}",
    ],
    ("schedule_moved", "guardian"): [
        "11/25(水) 12:00までにお返事ください",
        "12/5(土) 15:00",
        f"https://np.test/bookings/{BOOKING}",
    ],
    ("instructor_replaced", "guardian"): ["おまかせ", "無料でキャンセルできます", "そらさん、うみさん"],
    ("waitlist_offer", "guardian"): ["11/24(火) 14:00まで", "そらさんの席", "https://np.test/bookings"],
    ("waitlist_moved", "guardian"): [
        "12/5(土) 10:00〜10:50",
        "12/5(土) 15:00",
        "自動予約をお選びの場合は、いったん解除しました",
        "https://np.test/bookings",
    ],
    ("waitlist_open", "guardian"): ["先着順", "そらさん", f"https://np.test/schools/{SCHOOL_ID}"],
}


@pytest.mark.parametrize("part", ["text", "html"])
@pytest.mark.parametrize(("kind", "side"), EXPECTED)
def test_each_mail_says_what_its_reader_needs(kind: str, side: str, part: str) -> None:
    mail = mails.render(kind, side, FACTS | MORE, public_url="https://np.test", now=NOW)

    assert len(mail.subject) <= 30
    for word in (*EXPECTED[kind, side], "はじめての水泳", "スマイル水泳"):
        assert word in getattr(mail, part)


def test_subjects_with_a_mark_of_their_own_carry_no_other() -> None:
    def subject(kind: str) -> str:
        return mails.render(kind, "guardian", FACTS | MORE, public_url="https://np.test", now=NOW).subject

    assert subject("schedule_cancelled") == "【休講】12/5(土)のレッスン"
    assert subject("schedule_moved") == "【要確認】日時が変わりました"
    assert subject("waitlist_offer") == "【習い事Prime】空きが出ました（2時間以内）"


def test_every_kind_has_a_subject_words_for_guardians_and_a_name_for_operators() -> None:
    for kind in Kind:
        assert kind in mails.SUBJECTS
        assert kind in outbox.KINDS


@pytest.mark.parametrize(
    ("kind", "status"), [("booking_confirmed", "CONFIRMED"), ("booking_cancelled", "CANCELLED")]
)
def test_the_guardians_mail_carries_the_booking_for_a_calendar(kind: str, status: str) -> None:
    mail = mails.render(kind, "guardian", FACTS, public_url="https://np.test", now=NOW)

    assert mail.calendar is not None
    (event,) = Calendar.from_ical(mail.calendar).walk("VEVENT")
    assert event["uid"] == f"booking-{BOOKING}@naraigoto"
    assert event["summary"] == "そらさん はじめての水泳（スマイル水泳）"
    assert (event.decoded("dtstart"), event["status"]) == (FACTS["start_at"], status)
    assert mails.render(kind, "school", FACTS, public_url="https://np.test", now=NOW).calendar is None


def test_the_calendar_entry_travels_as_an_attachment() -> None:
    mail = Mail(
        to="hanako@example.com",
        subject="予約",
        text="本文",
        html="<p>本文</p>",
        message_id="<1@np.test>",
        at=NOW,
        calendar="BEGIN:VCALENDAR\r\nSUMMARY:そら\r\nEND:VCALENDAR\r\n".encode(),
    )

    sent = message_from_bytes(mime(mail, sender="np@np.test").as_bytes(), policy=SMTP)

    (attached,) = sent.iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert "SUMMARY:そら" in attached.get_content()
    body = sent.get_body(("plain",))
    assert body is not None
    assert "本文" in body.get_content()
