"""The caller's own account (contract.md §5)."""

from typing import Literal, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from naraigoto.api.deps import CurrentActor, Session
from naraigoto.api.problems import refusals
from naraigoto.errors import Unauthenticated
from naraigoto.services import accounts

router = APIRouter(tags=["accounts"])


class MeRead(BaseModel):
    """What a person sees of their own account."""

    id: UUID
    type: Literal["parent", "child", "school_owner", "admin"]
    name: str
    email: str | None
    family_id: UUID | None
    school_ids: list[UUID]

    @classmethod
    def of(cls, me: accounts.Me) -> Self:
        """The wire shape of an account."""
        return cls(
            id=me.id,
            type=me.type.value,
            name=me.name,
            email=me.email,
            family_id=me.family_id,
            school_ids=list(me.school_ids),
        )


@router.get("/me", responses=refusals(Unauthenticated))
async def read_me(actor: CurrentActor, session: Session) -> MeRead:
    """Who am I?"""
    return MeRead.of(await accounts.me(session, actor))
