"""Who may do what (domain.md D9): the only place where roles are compared.

A stranger's view of a private thing is NotFound; a member without the right is Forbidden.
"""

from uuid import UUID

from naraigoto.actor import OPERATOR, Actor
from naraigoto.errors import (
    EmailUnverified,
    FamilyNeeded,
    Forbidden,
    NotFound,
    ParentApprovalRequired,
    Unauthenticated,
)
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

    Raises: Unauthenticated, ParentApprovalRequired for a child, FamilyNeeded, Forbidden for others.
    """
    require_parent(actor)
    if actor.family_id is None:
        raise FamilyNeeded
    return actor.family_id


def require_parent(actor: Actor) -> UUID:
    """The id of a guardian, with or without a family.

    Raises: Unauthenticated, ParentApprovalRequired for a child, Forbidden for others.
    """
    user_id = require_signed_in(actor)
    if actor.type is UserType.CHILD:
        raise ParentApprovalRequired
    if actor.type is not UserType.PARENT:
        raise Forbidden
    return user_id


def require_owner_guardian(actor: Actor, family_id: UUID | None = None) -> UUID:
    """The family of its owner guardian, who alone handles money and members (G6); this one where it is named.

    Raises: Unauthenticated, ParentApprovalRequired for a child, FamilyNeeded, NotFound for another family,
        Forbidden for co-guardians and others.
    """
    own = require_guardian(actor)
    if family_id not in {None, own}:
        raise NotFound
    if not actor.owns_family:
        raise Forbidden
    return own


def require_verified(actor: Actor) -> UUID:
    """Only with a proved address one reaches other people.

    Raises: Unauthenticated, EmailUnverified.
    """
    user_id = require_signed_in(actor)
    if not actor.verified:
        raise EmailUnverified
    return user_id


def require_member(actor: Actor, family_id: UUID) -> None:
    """Only who belongs to this family goes on.

    Raises: Unauthenticated, Forbidden for people who never have a family, NotFound for another family.
    """
    require_signed_in(actor)
    if actor.type not in {UserType.PARENT, UserType.CHILD}:
        raise Forbidden
    if actor.family_id != family_id:
        raise NotFound


def sees_children_closely(actor: Actor) -> bool:
    """Guardians know how each child signs in and when it was born; the children do not."""
    return actor.type is UserType.PARENT


def require_grown_up(actor: Actor) -> UUID:
    """The id of a grown-up of any kind, for what concerns their own account.

    Raises: Unauthenticated, ParentApprovalRequired for a child.
    """
    user_id = require_signed_in(actor)
    if actor.type is UserType.CHILD:
        raise ParentApprovalRequired
    return user_id


def require_closing(actor: Actor) -> UUID:
    """Whoever may close their account themselves: guardians and schools (D17).

    Raises: Unauthenticated, ParentApprovalRequired for a child, Forbidden for an admin.
    """
    user_id = require_grown_up(actor)
    if actor.type is UserType.ADMIN:
        raise Forbidden
    return user_id


def require_lent_device(actor: Actor) -> UUID:
    """The guardian whose device a child holds in 「子どもモード」.

    Raises: Unauthenticated, Forbidden for a session that is nobody else's.
    """
    require_signed_in(actor)
    if actor.device_of is None:
        raise Forbidden
    return actor.device_of


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

    Raises: Unauthenticated, FamilyNeeded for a guardian without one, Forbidden for others.
    """
    require_signed_in(actor)
    if actor.family_id is None:
        raise FamilyNeeded if actor.type is UserType.PARENT else Forbidden
    return actor.family_id


def require_bookings(actor: Actor) -> tuple[UUID, UUID | None]:
    """The family whose bookings may be seen, and the one child when a child sees only its own.

    Raises: Unauthenticated, Forbidden for people without a family.
    """
    family_id = require_family(actor)
    return family_id, actor.user_id if actor.type is UserType.CHILD else None


def require_reviewer(actor: Actor, *, child: bool) -> tuple[UUID, UUID]:
    """The author and the family of a review in this voice: a guardian's, or the child's own (D9).

    Raises: Unauthenticated, FamilyNeeded for a guardian without one, Forbidden for everybody else.
    """
    user_id = require_signed_in(actor)
    if actor.type is not (UserType.CHILD if child else UserType.PARENT):
        raise Forbidden
    return user_id, require_family(actor)


def require_appealer(actor: Actor, *, child: bool) -> UUID:
    """The family in whose name a decision about a review in this voice is appealed.

    Raises: as `require_reviewer`; of a child's review its guardians are not refused.
    """
    return require_family(actor) if child else require_reviewer(actor, child=False)[1]


def speaks_for(actor: Actor, author_id: UUID, *, child: bool) -> bool:
    """Within a family: one appeals for oneself, and its guardians for a child."""
    return actor.user_id == author_id or (child and actor.type is UserType.PARENT)


def runs_school(actor: Actor, school_id: UUID) -> bool:
    """Whoever is a member of this school does not speak as a reader of it."""
    return school_id in actor.school_ids


def require_canceller(actor: Actor) -> UUID | None:
    """The family whose bookings may be cancelled, None for an admin, who may cancel any (D9).

    Raises: Unauthenticated, ParentApprovalRequired for a child, Forbidden for others.
    """
    if require_signed_in(actor) and actor.type is UserType.ADMIN:
        return None
    return require_guardian(actor)


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


def require_slot_keeper(actor: Actor, school_id: UUID) -> UUID:
    """Whoever may move or cancel slots of this school: its members, and admins (D9).

    Raises: Unauthenticated, Forbidden for people who run no school, NotFound for another school.
    """
    user_id = require_signed_in(actor)
    if actor.type is not UserType.ADMIN:
        require_school_member(actor, school_id)
    return user_id


def require_any_slot_keeper(actor: Actor) -> None:
    """Whoever may keep slots of some school, for questions that come before the school is known.

    Raises: Unauthenticated, Forbidden.
    """
    if require_signed_in(actor) and actor.type is not UserType.ADMIN:
        require_any_school(actor)


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
