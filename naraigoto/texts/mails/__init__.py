"""Mails in words: one text and one HTML template for each kind and side, rendered from the facts of the moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from css_inline import CSSInliner
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from naraigoto import clock
from naraigoto.texts import calendars, dates, plan_names, review_mails, search, ui, units

# Those that begin with a mark of their own go without the brand's.
SUBJECTS: Final[dict[str, str]] = {
    "booking_confirmed": "予約が完了しました",
    "family_passed_on": "家族の代表になりました",
    "account_closed": "退会の手続きが完了しました",
    "guardian_joined": "家族に保護者が加わりました",
    "email_verification": "メールアドレスの確認",
    "signup_attempted": "すでにご登録があります",
    "password_reset": "パスワードの再設定",
    "password_changed": "パスワードを変更しました",
    "email_change": "新しいメールアドレスの確認",
    "email_changed": "メールアドレス変更の受付",
    "booking_cancelled": "予約をキャンセルしました",
    "booking_rescheduled": "予約の日時を変更しました",
    "schedule_cancelled": "【休講】{day}のレッスン",
    "schedule_moved": "【要確認】日時が変わりました",
    "instructor_replaced": "先生が変わりました",
    "waitlist_offer": "空きが出ました（2時間以内）",
    "waitlist_open": "空きが出ました（先着順）",
    "waitlist_moved": "待っている枠の日時変更",
    "subscription_started": "チケット{tickets}枚をお届けしました",
    "subscription_renewed": "チケット{tickets}枚をお届けしました",
    "payment_failed": "【重要】お支払いができませんでした",
    "subscription_cancel_scheduled": "解約の手続きを受け付けました",
    "subscription_ended": "プランが終了しました",
    "tickets_low": "チケットが残り{left}枚です",
    "tickets_expiring": "まもなく期限のチケットがあります",
    "review_posted": "口コミが届きました",
    "review_replied": "教室から返信が届きました",
    "report_decided": "口コミの確認が終わりました",
    "appeal_decided": "異議の申し立てへの回答",
    "points_earned": "ポイントが届きました",
    "saved_search_digest": "新しい枠のお知らせ",
}
# Where the school reads another subject than the family.
SCHOOL_SUBJECTS: Final[dict[str, str]] = {
    "booking_cancelled": "予約がキャンセルされました",
    "booking_rescheduled": "予約の日時が変更されました",
}
_OWN_MARK = "【"
_IN_CALENDARS = frozenset({"booking_confirmed", "booking_rescheduled", "booking_cancelled"})
_TODAY = "本日のレッスンです"
_TOMORROW = "明日のレッスンです"

_templates = Environment(
    loader=PackageLoader("naraigoto.texts", "mails"),
    autoescape=select_autoescape(enabled_extensions=["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_templates.filters |= {
    "moment": dates.moment_label,
    "day": dates.full_date,
    "plan": plan_names.name,
    "yen": units.yen,
    "stars": lambda rating: "★" * rating + "☆" * (5 - rating),
    "decision": review_mails.decision,
    "about": lambda found: search.about(q=found["q"], areas=found["areas"], genre=found["genre"]),
}
_inliner = CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail in words; `calendar` is the booking for the guardian's calendar, where the mail tells of one."""

    subject: str
    text: str
    html: str
    calendar: bytes | None = None


def render(kind: str, side: str, facts: Mapping[str, Any], *, public_url: str, now: datetime) -> Rendered:
    """The mail of this kind for this side, read at `now`.

    Raises: KeyError for a kind without words.
    """
    subject = _subject(kind, side, facts)
    words = dict(facts) | {"subject": subject, "public_url": public_url, "brand": ui.BRAND}
    if "start_at" in facts:
        words |= {
            "slot": dates.slot_label(facts["start_at"], facts["end_at"]),
            "soon": _soon(facts["start_at"], now),
        }
    text = _templates.get_template(f"{kind}.{side}.txt").render(words)
    html = _templates.get_template(f"{kind}.{side}.html").render(words)
    calendar = _calendar(kind, facts, public_url, now) if side == "guardian" else None
    return Rendered(subject, text, _inliner.inline(html), calendar)


def _subject(kind: str, side: str, facts: Mapping[str, Any]) -> str:
    named = SUBJECTS | SCHOOL_SUBJECTS if side == "school" else SUBJECTS
    day = dates.day_label(clock.jst_date(facts["start_at"])) if "start_at" in facts else ""
    words = named[kind].format_map({**facts, "day": day})
    return words if words.startswith(_OWN_MARK) else f"【{ui.BRAND}】{words}"


def _calendar(kind: str, facts: Mapping[str, Any], public_url: str, now: datetime) -> bytes | None:
    if kind not in _IN_CALENDARS:
        return None
    entry = calendars.Entry(
        booking_id=facts["booking_id"],
        start_at=facts["start_at"],
        end_at=facts["end_at"],
        child=facts["child"],
        lesson=facts["lesson"],
        school=facts["school"],
        place=facts["address"],
        cancelled=kind == "booking_cancelled",
    )
    return calendars.entry_of(entry, public_url=public_url, now=now)


def _soon(start: datetime, now: datetime) -> str:
    """The reminder inside a confirmation that comes too late for a reminder of its own (D16)."""
    today, day = clock.jst_date(now), clock.jst_date(start)
    if day == today:
        return _TODAY
    return _TOMORROW if day == today + timedelta(days=1) else ""
