"""The bundle asks the address it was opened from, whatever it was built with."""

from pathlib import Path

import pytest
import reflex_base

from naraigoto.web.same_origin import ReflexChangedError, _use_own_origin

STATE_JS = Path(reflex_base.__file__).parent / ".templates" / "web" / "utils" / "state.js"


def test_the_pinned_reflex_has_exactly_the_line_we_replace():
    changed = _use_own_origin(STATE_JS.read_text())
    assert "return new URL(built.pathname, window.location.origin);" in changed


def test_a_second_build_changes_nothing_more():
    once = _use_own_origin(STATE_JS.read_text())
    assert _use_own_origin(once) == once


def test_another_reflex_is_refused_instead_of_built_wrongly():
    with pytest.raises(ReflexChangedError):
        _use_own_origin("export const getBackendURL = () => null;")
