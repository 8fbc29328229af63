"""The pages of schools and instructors: who reads too much waits."""

import pytest
import reflex as rx

from naraigoto.actor import ANONYMOUS
from naraigoto.rules import READS_OF_ADDRESS
from naraigoto.services import limits
from naraigoto.state.instructors import InstructorState
from naraigoto.state.schools import SchoolState
from naraigoto.state.session import caller_address
from naraigoto.texts import ui
from tests import factories as make
from tests.state.cast import Cast, fire, tab


@pytest.mark.parametrize("kind", [SchoolState, InstructorState])
async def test_after_a_burst_a_place_asks_guests_to_wait(cast: Cast, kind: type[rx.State]) -> None:
    async with cast.committed() as session:
        teacher = await make.make_instructor(session, cast.stage.school)
    path = f"/schools/{cast.stage.school.id}" if kind is SchoolState else f"/instructors/{teacher.id}"
    guest = await tab(kind, "", path)
    await fire(guest, "load")
    assert guest.access == "ok"

    for _ in range(READS_OF_ADDRESS.count - 1):
        await limits.read_public(ANONYMOUS, caller_address(guest))
    await fire(guest, "load")

    assert (guest.access, guest.title, guest.days) == ("limited", ui.BRAND, [])
    member = await tab(kind, cast.cookies["hanako"], path)
    await fire(member, "load")
    assert member.access == "ok"
