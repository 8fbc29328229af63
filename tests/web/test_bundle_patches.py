"""The bundle asks the address it was opened from, and speaks Japanese throughout."""

from pathlib import Path

import pytest
import reflex_base

from naraigoto.texts import ui
from naraigoto.web.bundle_patches import ReflexChanged, patched

STATE_JS = Path(reflex_base.__file__).parent / ".templates" / "web" / "utils" / "state.js"


def test_the_pinned_reflex_has_exactly_the_lines_we_replace():
    changed = patched(STATE_JS.read_text())
    assert "return new URL(built.pathname, window.location.origin);" in changed
    assert ui.NEW_VERSION in changed
    assert "A new version of this app" not in changed


def test_a_second_build_changes_nothing_more():
    once = patched(STATE_JS.read_text())
    assert patched(once) == once


def test_another_reflex_is_refused_instead_of_built_wrongly():
    with pytest.raises(ReflexChanged):
        patched("export const getBackendURL = () => null;")
