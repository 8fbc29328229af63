"""300 events of 30 families, each three times, in any order over several workers: one picture (R36)."""

import random

import pytest

from tests.billing.stories import differences, live, settle_families, world
from tests.conftest import Committed


@pytest.mark.parametrize("seed", range(2))
async def test_any_order_leaves_the_picture_of_the_right_order(committed: Committed, seed: int) -> None:
    told = world()
    await settle_families()
    ordered = await live(told, dice=None)
    shuffled = await live(told, dice=random.Random(seed), times=3)

    assert differences(ordered, shuffled) == [], "\n".join(differences(ordered, shuffled))
    assert len(shuffled["subscriptions"]) == 30
    assert len(shuffled["ticket_entries"]) > 40
