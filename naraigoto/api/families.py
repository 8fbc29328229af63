"""A family and who is in it (contract.md §5, G6)."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from naraigoto.api.deps import CurrentActor, Now, Retrying, Session
from naraigoto.api.problems import refusals
from naraigoto.errors import (
    FamilyExists,
    FamilyFull,
    FamilyNeeded,
    Forbidden,
    NotFound,
    ParentApprovalRequired,
    Unauthenticated,
)
from naraigoto.services import families
from naraigoto.texts import families as texts

router = APIRouter(prefix="/families", tags=["families"])
_OWNERS = (Unauthenticated, ParentApprovalRequired, FamilyNeeded, Forbidden, NotFound)


def _whole_day(written: Any) -> Any:
    # The month is all that is kept (D17), so the month is enough to say.
    year_and_month = isinstance(written, str) and len(written) == len("2018-05")
    return f"{written}-01" if year_and_month else written


BirthDate = Annotated[date, BeforeValidator(_whole_day), Field(examples=["2018-05-14", "2018-05"])]
Written = Annotated[str, Field(max_length=1000)]  # rules of the service say more
Secret = Annotated[str, Field(max_length=1024)]


class FamilyCreate(BaseModel):
    """What a new family is called; the guardian's family name when left out."""

    name: Written = ""


class ChildCreate(BaseModel):
    """A child's place. Sending it says that the guardian agrees to the words about children's profiles."""

    model_config = ConfigDict(hide_input_in_errors=True)

    name: Written
    login_name: Written
    passcode: Secret
    birth_date: BirthDate | None = None
    interests: Written | None = None


class ChildChange(BaseModel):
    """What is sent changes; a new passcode ends the child's sessions."""

    model_config = ConfigDict(hide_input_in_errors=True)

    name: Written | None = None
    login_name: Written | None = None
    passcode: Secret | None = None
    birth_date: BirthDate | None = None
    interests: Written | None = None


class PersonRead(BaseModel):
    """Somebody of the family; the last three for guardians' eyes, and only of children."""

    user_id: UUID
    type: Literal["parent", "child"]
    name: str
    login_name: str | None = None
    birth_month: date | None = None
    interests: str | None = None

    @classmethod
    def of(cls, person: families.Person) -> Self:
        """The wire shape of a person."""
        return cls(
            user_id=person.user_id,
            type="child" if person.type.value == "child" else "parent",
            name=person.name,
            login_name=person.login_name,
            birth_month=person.birth_month,
            interests=person.interests,
        )


class FamilyRead(BaseModel):
    """A family; the owner guardian is the first of `members` and named by `owner_user_id`."""

    id: UUID
    name: str
    family_code: str
    owner_user_id: UUID
    members: list[PersonRead]

    @classmethod
    def of(cls, view: families.FamilyView) -> Self:
        """The wire shape of a family."""
        return cls(
            id=view.id,
            name=view.name or texts.family_name(view.owner_name),
            family_code=view.family_code,
            owner_user_id=view.owner_id,
            members=[PersonRead.of(person) for person in view.people],
        )


@router.post("", status_code=201, responses=refusals(*_OWNERS[:4], FamilyExists))
async def begin_family(body: FamilyCreate, actor: CurrentActor, session: Session, now: Now) -> FamilyRead:
    """Begin a family; a guardian who has one gets it again."""
    return FamilyRead.of(await families.begin(session, actor, name=body.name, now=now))


@router.get("/{family_id}", responses=refusals(Unauthenticated, Forbidden, NotFound))
async def read_family(family_id: UUID, actor: CurrentActor, session: Session) -> FamilyRead:
    """One's own family."""
    return FamilyRead.of(await families.get(session, actor, family_id))


@router.post("/{family_id}/members", status_code=201, responses=refusals(*_OWNERS, FamilyFull))
async def add_child(
    family_id: UUID, body: ChildCreate, actor: CurrentActor, session: Session, now: Now
) -> PersonRead:
    """Give a child a place of its own."""
    child = families.ChildForm(**body.model_dump())
    return PersonRead.of(await families.add_child(session, actor, family_id, child, now=now))


@router.patch("/{family_id}/members/{user_id}", responses=refusals(*_OWNERS))
async def change_child(
    family_id: UUID, user_id: UUID, body: ChildChange, actor: CurrentActor, session: Session, now: Now
) -> PersonRead:
    """Change what is written about a child."""
    child = families.ChildForm(**body.model_dump())
    return PersonRead.of(await families.change_child(session, actor, family_id, user_id, child, now=now))


@router.delete("/{family_id}/members/{user_id}", status_code=204, responses=refusals(*_OWNERS))
async def remove_member(family_id: UUID, user_id: UUID, contended: Retrying, now: Now) -> None:
    """Take a child (its coming lessons are cancelled) or a co-guardian out."""
    await contended.run(lambda session, actor: families.remove(session, actor, family_id, user_id, now=now))


@router.post("/{family_id}/leave", status_code=204, responses=refusals(*_OWNERS))
async def leave_family(family_id: UUID, contended: Retrying, now: Now) -> None:
    """A co-guardian leaves."""
    await contended.run(lambda session, actor: families.leave(session, actor, family_id, now=now))
