"""Who may do what (domain.md D9): the only place where roles are compared.

A stranger's view of a private thing is NotFound; a member without the right is Forbidden.
"""

from uuid import UUID

from naraigoto.actor import OPERATOR, Actor
from naraigoto.errors import Forbidden, NotFound, ParentApprovalRequired, Unauthenticated
from naraigoto.models.accounts import UserType


def require_signed_in(actor: Actor) -> UUID:
    """The id of whoever is asking.

    Raises: Unauthenticated.
    """
    if actor.user_id is None:
        raise Unauthenticated
    return actor.user_id


def require_guardian(actor: Actor) -> UUID:
    """The family of a guardian, for what a child may not do alone.

    Raises: Unauthenticated, ParentApprovalRequired for a child, Forbidden for others.
    """
    require_signed_in(actor)
    if actor.type is UserType.CHILD:
        raise ParentApprovalRequired
    if actor.type is not UserType.PARENT or actor.family_id is None:
        raise Forbidden
    return actor.family_id


def require_owner_guardian(actor: Actor) -> UUID:
    """The family of its owner guardian, who alone handles its money (D9, G6).

    Raises: Unauthenticated, ParentApprovalRequired for a child, Forbidden for others.
    """
    family_id = require_guardian(actor)
    if not actor.owns_family:
        raise Forbidden
    return family_id


def require_child(actor: Actor) -> UUID:
    """The child itself, for its own pages.

    Raises: Unauthenticated, Forbidden for grown-ups.
    """
    user_id = require_signed_in(actor)
    if actor.type is not UserType.CHILD:
        raise Forbidden
    return user_id


def require_family(actor: Actor) -> UUID:
    """The family of a guardian or a child.

    Raises: Unauthenticated, Forbidden for people without a family.
    """
    require_signed_in(actor)
    if actor.family_id is None:
        raise Forbidden
    return actor.family_id


def require_bookings(actor: Actor) -> tuple[UUID, UUID | None]:
    """The family whose bookings may be seen, and the one child when a child sees only its own.

    Raises: Unauthenticated, Forbidden for people without a family.
    """
    family_id = require_family(actor)
    return family_id, actor.user_id if actor.type is UserType.CHILD else None


def require_any_school(actor: Actor) -> UUID:
    """The id of whoever runs a school, for questions that come before the school is known.

    Raises: Unauthenticated, Forbidden for people who run no school.
    """
    user_id = require_signed_in(actor)
    if not actor.school_ids:
        raise Forbidden
    return user_id


def require_school_member(actor: Actor, school_id: UUID) -> None:
    """Only who runs this school goes on (G4: whatever their user type).

    Raises: Unauthenticated, Forbidden for people who run no school, NotFound for another school.
    """
    require_any_school(actor)
    if school_id not in actor.school_ids:
        raise NotFound


def require_admin(actor: Actor) -> UUID:
    """Only an admin goes on.

    Raises: Unauthenticated, Forbidden.
    """
    user_id = require_signed_in(actor)
    if actor.type is not UserType.ADMIN:
        raise Forbidden
    return user_id


def require_operations(actor: Actor) -> UUID | None:
    """An admin, or the operator at the machine's own command line, who has no account (None).

    Raises: Unauthenticated, Forbidden.
    """
    return None if actor is OPERATOR else require_admin(actor)
