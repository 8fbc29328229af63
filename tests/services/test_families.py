import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto.actor import ANONYMOUS
from naraigoto.errors import Forbidden, ParentApprovalRequired, Unauthenticated
from naraigoto.models.accounts import UserType
from naraigoto.services import families
from tests.factories import NOW, actor_of, make_child, make_co_guardian, make_family, make_user


async def test_every_guardian_sees_the_children_of_the_family_eldest_first(session: AsyncSession):
    family, other = await make_family(session), await make_family(session)
    young = await make_child(session, family, name="ひなた", birth_month=NOW.date().replace(year=2021, day=1))
    old = await make_child(session, family, name="そら", birth_month=NOW.date().replace(year=2017, day=1))
    unknown = await make_child(session, family, name="りく", birth_month=None)
    await make_child(session, other, name="よその子")
    guardian = await actor_of(session, await make_co_guardian(session, family))
    assert [row.user_id for row in await families.children(session, guardian)] == [
        old.id,
        young.id,
        unknown.id,
    ]


async def test_a_deleted_child_is_not_listed(session: AsyncSession):
    family = await make_family(session)
    child = await make_child(session, family)
    guardian = await actor_of(session, await make_co_guardian(session, family))
    child.deleted_at = NOW
    await session.flush()
    assert await families.children(session, guardian) == []


async def test_only_guardians_list_children(session: AsyncSession):
    family = await make_family(session)
    child = await actor_of(session, await make_child(session, family))
    owner = await actor_of(session, await make_user(session, UserType.SCHOOL_OWNER))
    for actor, refusal in (
        (ANONYMOUS, Unauthenticated),
        (child, ParentApprovalRequired),
        (owner, Forbidden),
    ):
        with pytest.raises(refusal):
            await families.children(session, actor)


async def test_a_childs_own_page_is_for_children(session: AsyncSession):
    family = await make_family(session)
    child = await make_child(session, family, name="そら")
    assert await families.own_name(session, await actor_of(session, child)) == "そら"
    guardian = await actor_of(session, await make_co_guardian(session, family))
    for actor, refusal in ((ANONYMOUS, Unauthenticated), (guardian, Forbidden)):
        with pytest.raises(refusal):
            await families.own_name(session, actor)
