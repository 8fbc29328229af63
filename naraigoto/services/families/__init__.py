"""Families (G6): beginning one, the children in it, the guardians who joined, and the way in for one more."""

from naraigoto.services.families.child_form import ChildForm
from naraigoto.services.families.guardians import accept, leave
from naraigoto.services.families.invitations import (
    InvitationView,
    Invited,
    OpenInvitation,
    invite,
    look,
    open_invitations,
    take_back,
)
from naraigoto.services.families.making import begin, create
from naraigoto.services.families.members import add_child, change_child, consented, remove
from naraigoto.services.families.reading import (
    ChildRow,
    FamilyView,
    Person,
    children,
    get,
    own,
    own_name,
)

__all__ = [
    "ChildForm",
    "ChildRow",
    "FamilyView",
    "InvitationView",
    "Invited",
    "OpenInvitation",
    "Person",
    "accept",
    "add_child",
    "begin",
    "change_child",
    "children",
    "consented",
    "create",
    "get",
    "invite",
    "leave",
    "look",
    "open_invitations",
    "own",
    "own_name",
    "remove",
    "take_back",
]
