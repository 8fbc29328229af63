"""What a school does to its slots after families have booked them: move, cancel, replace the instructor."""

from naraigoto.services.slot_changes.cancelling import cancel
from naraigoto.services.slot_changes.changing import Teacher, change, move, replace_instructor
from naraigoto.services.slot_changes.holding import Outcome
from naraigoto.services.slot_changes.looking import SlotToChange, look

__all__ = ["Outcome", "SlotToChange", "Teacher", "cancel", "change", "look", "move", "replace_instructor"]
