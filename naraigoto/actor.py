"""Who is asking."""

from dataclasses import dataclass, field
from uuid import UUID

from naraigoto.models.accounts import UserType


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, built only from a verified session or token, or ANONYMOUS."""

    user_id: UUID | None = None
    type: UserType | None = None
    family_id: UUID | None = None
    owns_family: bool = False
    school_ids: frozenset[UUID] = field(default_factory=frozenset)
    verified: bool = False  # the address is proved; children have none
    session_id: UUID | None = None
    device_of: UUID | None = None  # in 「子どもモード」: the guardian whose device the child holds

    @property
    def signed_in(self) -> bool:
        """True when somebody proved who they are."""
        return self.user_id is not None


ANONYMOUS = Actor()

# Whoever sits at the machine itself (`python -m naraigoto …`); known by identity, never built from a request.
OPERATOR = Actor(type=UserType.ADMIN)
