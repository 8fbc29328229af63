"""Every line of the audit log has words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import naraigoto.jobs
import naraigoto.services
from naraigoto.adapters.mail.local import LocalMailbox
from naraigoto.jobs import registry
from naraigoto.models.bookings import BookingQuestion, CancelKind
from naraigoto.texts import audit, settings

# What writes a line: the service's own words, the table itself, and two helpers for bookings and slots.
_WRITERS = {"audit.record", "audit.seen", "AuditLog", "line", "cancelling.line", "_slot_line"}
_ACTION = re.compile(r"[a-z]+\.[a-z_]+")


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def _words(nodes: list[ast.expr]) -> set[str]:
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _written() -> tuple[set[str], set[str], set[str]]:
    """The actions, kinds of things and names of facts in every module that writes to the log."""
    actions: set[str] = set()
    things: set[str] = set()
    facts: set[str] = set()
    for folder in (*naraigoto.services.__path__, *naraigoto.jobs.__path__):
        for file in Path(folder).rglob("*.py"):
            tree = ast.parse(file.read_text())
            if not any(name in _WRITERS for name, _ in _calls(tree)):
                continue
            # Some stand in a name or a condition first, so every word that looks like one counts.
            constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
            actions |= {word for word in _words([*constants]) if _ACTION.fullmatch(word)}
            for name, call in _calls(tree):
                things |= _words(call.args[:1]) if name == "audit.Thing" else set()
                if name in _WRITERS:
                    named = {word.arg: word.value for word in call.keywords if word.arg}
                    things |= _words([named[key] for key in named if key == "thing_type"])
                    told = [*call.args, *named.values()]
                    facts |= {key for part in told if isinstance(part, ast.Dict) for key in _keys(part)}
                    facts |= set(named) - set(AUDIT_COLUMNS) - {"now"}
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("facts", "names"):
                    facts |= _keys(node.value) if isinstance(node.value, ast.Dict) else set()
    return actions, things, facts


AUDIT_COLUMNS = ("actor_user_id", "action", "thing_type", "thing_id", "facts", "at")


def _keys(written: ast.Dict) -> set[str]:
    return _words([key for key in written.keys if key is not None])


def test_every_action_every_thing_and_every_fact_has_words() -> None:
    actions, things, facts = _written()
    assert {
        "account.closed",
        "attendance.corrected",
        "booking.cancelled",
        "outbox.retried",
        "roster.seen",
        "schedule.moved",
        "tickets.adjusted",
        "webhook.replayed",
    } <= actions
    assert {"booking", "schedule", "billing_issue", "webhook_event"} <= things
    assert {"delta", "before", "question", "kind"} <= facts
    assert actions - set(audit.ACTIONS) == set()
    assert things - set(audit.THINGS) == set()
    assert {fact for fact in facts if audit.facts({fact: 1}).startswith(fact)} == set()


MOVED = {"before": "2026-11-27T10:00:00+09:00", "after": "2026-11-27T06:30:00+00:00"}
TAUGHT = {"before": "", "after": "01890a5d-ac96-774b-bcce-b302099a8057"}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, ""),
        ({"after": "absent", "before": "reserved"}, "変更前: 予約、変更後: 欠席"),
        (MOVED, "変更前: 11/27(金) 10:00、変更後: 11/27(金) 15:30"),
        (TAUGHT, "変更前: なし、変更後: 099a8057"),
        ({"delta": 3, "reason": "お詫び"}, "チケット: +3枚、理由: お詫び"),
        ({"delta": -2, "reason": "2026"}, "チケット: -2枚、理由: 2026"),
        ({"day": "2026-11-24"}, "日付: 11/24(火)"),
        ({"kind": "ticket_debt", "note": "school"}, "種類: 返金したが、チケットが使用済み、メモ: school"),
        (
            {"kind": "booking_confirmed", "attempts": 6, "last_error": ""},
            "種類: 予約の完了、試した回数: 6、エラー: なし",
        ),
    ],
    ids=str,
)
def test_facts_are_read_out_in_japanese(told: dict[str, object], words: str) -> None:
    assert audit.facts(told) == words


def test_why_a_booking_was_cancelled_or_asked_about_has_words() -> None:
    for name, values in (("kind", CancelKind), ("question", BookingQuestion)):
        for value in values:
            assert value.value not in audit.facts({name: value.value})


def test_every_flag_says_what_it_stops_and_what_comes_anyway() -> None:
    assert all(name and note for name, note in settings.FLAGS.values())


def test_the_weekly_mail_is_called_what_it_is_and_its_day_is_the_jobs(tmp_path: Path) -> None:
    name, note = settings.FLAGS["digest"]
    assert ("保存した条件の新しい枠" in name, "月曜の朝" in note) == (True, True)
    every = registry.jobs(LocalMailbox(tmp_path, sender="no-reply@example.com"))["digests"].trigger
    assert "day_of_week='mon', hour='9'" in str(every)
