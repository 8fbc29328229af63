"""Every line of the audit log has words."""

import ast
from pathlib import Path

import naraigoto.services
from naraigoto.texts import audit, settings

_WRITERS = {"record", "seen"}


def _written() -> tuple[set[str], set[str]]:
    """The actions and the kinds of things that services write, as far as they stand there as words."""
    actions: set[str] = set()
    things: set[str] = set()
    for file in Path(naraigoto.services.__path__[0]).rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            if ast.unparse(call.func.value) != "audit":
                continue
            words = [part.value for part in call.args if isinstance(part, ast.Constant)]
            told = {word for word in words if isinstance(word, str)}
            if call.func.attr in _WRITERS:
                actions |= told
            elif call.func.attr == "Thing":
                things |= told
    return actions, things


def test_every_action_and_every_thing_has_words() -> None:
    actions, things = _written()
    assert {"account.closed", "outbox.retried"} <= actions
    assert actions - set(audit.ACTIONS) == set()
    assert things - set(audit.THINGS) == set()


def test_facts_are_read_out_in_japanese() -> None:
    assert audit.facts({"after": "absent", "before": "reserved"}) == "変更前: 予約、変更後: 欠席"
    assert audit.facts({}) == ""


def test_every_flag_says_what_it_stops_and_what_comes_anyway() -> None:
    assert all(name and note for name, note in settings.FLAGS.values())
