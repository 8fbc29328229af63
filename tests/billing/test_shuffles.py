"""300 events of 30 families, each three times, in any order over several workers: one picture (R36)."""

import random

from tests.billing.stories import differences, live, settle_families, world
from tests.conftest import Committed


async def test_any_order_leaves_the_picture_of_the_right_order(committed: Committed) -> None:
    told = world()
    await settle_families()
    ordered = await live(told, dice=None)
    assert len(ordered["subscriptions"]) == 30
    assert len(ordered["ticket_entries"]) > 40
    for seed in range(2):
        shuffled = await live(told, dice=random.Random(seed), times=3)
        assert differences(ordered, shuffled) == [], "\n".join(differences(ordered, shuffled))
