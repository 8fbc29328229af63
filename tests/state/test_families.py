"""/family, /join and the way back from 「子どもモード」: what a guardian sees, and nobody else."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import reflex as rx
from sqlmodel.ext.asyncio.session import AsyncSession

from naraigoto import clock, db
from naraigoto.models.accounts import User, UserType
from naraigoto.rules import CODE_ENTRIES
from naraigoto.services import child_mode, families, sessions
from naraigoto.state.child_form import ChildErrors, ChildFormState, WayIn
from naraigoto.state.child_mode import ChildModeState
from naraigoto.state.families import FamilyState, NewLink, Question
from naraigoto.state.joining import JoinState
from naraigoto.state.member_home import MemberHomeState
from tests import factories as make
from tests.conftest import Committed
from tests.prepared import Prepare

SORA = {
    "name": "そら",
    "login_name": "sora",
    "passcode": "2580",
    "year": "2018",
    "month": "5",
    "consent": "on",
}


@dataclass(frozen=True)
class Cast:
    """A family of 花子 (owner), 太郎 and a child; another family; somebody without one."""

    committed: Committed
    people: dict[str, User]
    cookies: dict[str, str]


async def make_cast(session: AsyncSession) -> Cast:
    hanako = await make.make_user(session, name="山田 花子")
    family = await make.make_family(session, guardian=hanako, name="")
    people = {
        "hanako": hanako,
        "taro": await make.make_co_guardian(session, family, name="山田 太郎"),
        "umi": await make.make_child(session, family, name="うみ", login_name="umi"),
        "outsider": await session.get_one(User, (await make.make_family(session)).parent_user_id),
        "alone": await make.make_user(session, name="一人"),
        "ito": await make.make_user(session, UserType.SCHOOL_OWNER),
    }
    cookies = {name: (await make.cookie_of(session, user))["Cookie"] for name, user in people.items()}
    return Cast(db.transaction, people, cookies | {"guest": ""})


@pytest.fixture
def prepare() -> Prepare[Cast]:
    return make_cast


@pytest.fixture
def cast(prepared: Cast) -> Cast:
    return prepared


async def tab(kind: type[rx.State], cookie: str, path: str = "/family", ip: str = "203.0.113.1") -> Any:
    """A browser tab with that cookie at that address, opened from that machine."""
    root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    seen = {"headers": {"cookie": cookie}, "pathname": path, "asPath": path, "token": "t", "ip": ip}
    root.router_data = seen
    root._update_router_vars(root.router_data, {})
    return await root.get_state(kind)


async def fire(state: Any, handler: str, *values: Any) -> list[Any]:
    """Run a handler to its end; the events it asks for."""
    running = getattr(type(state), handler).fn(state, *values)
    if hasattr(running, "__aiter__"):
        return [event async for event in running if event is not None]
    if hasattr(running, "__await__"):
        await running
    return []


async def family_page(cast: Cast, who: str = "hanako") -> Any:
    state = await tab(FamilyState, cast.cookies[who])
    await fire(state, "load")
    return state


async def child_form(cast: Cast, who: str = "hanako") -> Any:
    state = await tab(ChildFormState, cast.cookies[who])
    await fire(state, "add")
    return state


async def test_the_owner_sees_everybody_and_how_a_child_comes_in(cast: Cast) -> None:
    state = await family_page(cast)
    assert (state.access, state.name, state.owner, state.verified) == ("ok", "山田家", True, True)
    assert len(state.code) == 6
    assert [(row.name, row.owner, row.me) for row in state.guardians] == [
        ("山田 花子", True, True),
        ("山田 太郎", False, False),
    ]
    assert [(child.name, child.login_name, child.born) for child in state.children] == [
        ("うみ", "umi", "2019年5月生まれ")
    ]


async def test_a_co_guardian_sees_the_same_but_changes_nobody(cast: Cast) -> None:
    state = await family_page(cast, "taro")
    assert (state.access, state.owner, state.invitations) == ("ok", False, [])
    await fire(state, "invite")
    assert (state.error, state.link) == ("この操作はできません", NewLink())
    await fire(state, "ask", str(cast.people["umi"].id))
    await fire(state, "answer")
    assert state.error == "この操作はできません"
    form = await child_form(cast, "taro")
    await fire(form, "save", SORA)
    assert form.errors.form == "この操作はできません"
    assert len((await family_page(cast)).children) == 1


@pytest.mark.parametrize(
    ("who", "access"), [("guest", "login"), ("umi", "missing"), ("ito", "missing"), ("alone", "family")]
)
async def test_others_get_nothing_of_the_page(cast: Cast, who: str, access: str) -> None:
    state = await family_page(cast, who)
    assert (state.access, state.name, state.code, state.children, state.guardians) == (access, "", "", [], [])


async def test_who_has_no_family_begins_one_and_home_leads_there(cast: Cast) -> None:
    home = await tab(MemberHomeState, cast.cookies["alone"], "/home")
    await fire(home, "load")
    assert home.access == "family"
    state = await family_page(cast, "alone")
    assert len(await fire(state, "begin")) == 2
    await fire(state, "load")
    assert (state.access, state.name, state.owner) == ("ok", "一人さんの家族", True)
    await fire(home, "load")
    assert home.access == "ok"


async def test_two_children_are_added_one_after_the_other(cast: Cast) -> None:
    form = await child_form(cast)
    assert (form.step, form.ask_consent) == ("form", True)
    assert len(await fire(form, "save", SORA)) == 1
    assert (form.step, form.errors) == ("done", ChildErrors())
    assert (form.way_in.title, form.way_in.login_name, form.way_in.passcode) == (
        "そらさんを追加しました",
        "sora",
        "2580",
    )
    first = form.turn
    await fire(form, "add")
    assert (form.step, form.ask_consent, form.way_in, form.turn) == ("form", False, WayIn(), first + 1)
    await fire(form, "save", {"name": "りく", "login_name": "riku", "passcode": "8642"})
    assert form.step == "done"
    await fire(form, "close")
    assert (form.step, form.way_in) == ("", WayIn())
    assert {child.name for child in (await family_page(cast)).children} == {"うみ", "そら", "りく"}


async def test_a_second_click_adds_nobody(cast: Cast) -> None:
    form = await child_form(cast)
    await fire(form, "save", SORA)
    await fire(form, "save", SORA)
    assert len((await family_page(cast)).children) == 2


@pytest.mark.parametrize(
    ("over", "errors"),
    [
        ({"consent": ""}, {"consent": "同意のチェックをお願いします"}),
        ({"month": ""}, {"birth_date": "年と月の両方を選んでください"}),
        ({"year": "x"}, {"birth_date": "0〜18歳になる生まれた年と月を選んでください"}),
        ({"year": "9" * 20}, {"birth_date": "0〜18歳になる生まれた年と月を選んでください"}),
        ({"login_name": "UMI"}, {"login_name": "ご家族の中ですでに使われています"}),
        (
            {"name": "", "passcode": "12"},
            {"name": "入力してください", "passcode": "4〜12文字で入力してください"},
        ),
    ],
    ids=str,
)
async def test_what_is_wrong_stands_beside_its_field_and_the_form_stays(
    cast: Cast, over: dict[str, str], errors: dict[str, str]
) -> None:
    form = await child_form(cast)
    turn = form.turn
    await fire(form, "save", SORA | over)
    assert (form.step, form.turn, form.busy) == ("form", turn, False)
    assert form.errors == ChildErrors(**errors)
    await fire(form, "save", SORA)
    assert form.step == "done"


async def test_a_child_is_changed_and_a_new_passcode_is_shown_once(cast: Cast) -> None:
    form = await tab(ChildFormState, cast.cookies["hanako"])
    child = str(cast.people["umi"].id)
    await fire(form, "edit", child)
    assert (form.draft.name, form.draft.login_name, form.draft.year, form.draft.month) == (
        "うみ",
        "umi",
        "2019",
        "5",
    )
    changed = {"name": "海", "login_name": "umi", "passcode": "", "year": "2019", "month": "5"}
    form.ask_consent = False
    await fire(form, "save", changed)
    assert (form.step, (await form.get_state(FamilyState)).message) == ("", "保存しました")
    await fire(form, "edit", child)
    form.ask_consent = False
    await fire(form, "save", changed | {"passcode": "8642"})
    assert (form.step, form.way_in.title, form.way_in.passcode) == (
        "done",
        "海さんの新しいパスコード",
        "8642",
    )


async def test_the_form_never_opens_for_another_familys_child(cast: Cast) -> None:
    form = await tab(ChildFormState, cast.cookies["outsider"])
    await fire(form, "edit", str(cast.people["umi"].id))
    assert (form.step, form.draft.name) == ("", "")
    await fire(form, "edit", str(cast.people["outsider"].id))
    assert form.step == ""


async def test_taking_a_child_out_is_asked_first(cast: Cast) -> None:
    state = await family_page(cast)
    await fire(state, "ask", str(cast.people["umi"].id))
    assert state.question == Question("child", str(cast.people["umi"].id), "うみ")
    await fire(state, "close")
    await fire(state, "answer")
    assert len((await family_page(cast)).children) == 1
    await fire(state, "ask", str(cast.people["umi"].id))
    await fire(state, "answer")
    assert (state.question.kind, state.message) == ("", "うみさんを家族から外しました")
    assert (await family_page(cast)).children == []


async def test_a_co_guardian_leaves(cast: Cast) -> None:
    state = await family_page(cast, "taro")
    await fire(state, "ask", str(cast.people["taro"].id))
    assert state.question.kind == "me"
    await fire(state, "answer")
    assert state.message == "家族から抜けました"
    assert (await family_page(cast, "taro")).access == "family"


async def test_a_link_is_made_shown_once_and_taken_back(cast: Cast) -> None:
    state = await family_page(cast)
    await fire(state, "invite")
    assert "/join/" in state.link.url
    assert state.link.mail.startswith("mailto:?subject=")
    assert [row.until for row in state.invitations] == [state.link.until]
    (row,) = state.invitations
    await fire(state, "take_back", row.id)
    assert (state.invitations, state.link, state.message) == ([], NewLink(), "招待を取り消しました")
    await fire(state, "load")
    assert state.link == NewLink()


async def joining(cast: Cast, who: str, *, age: timedelta = timedelta(0)) -> Any:
    """The page of a link that 花子 made, as one of the people opens it."""
    async with cast.committed() as session:
        token = cast.cookies["hanako"].partition("=")[2]
        hanako = await sessions.resolve(session, token, now=clock.now())
        assert hanako.family_id
        made = await families.invite(session, hanako, hanako.family_id, now=clock.now() - age)
    state = await tab(JoinState, cast.cookies[who], f"/join/{made.token}")
    await fire(state, "load")
    return state


async def test_a_guest_reads_who_invites_and_where_to_go_on(cast: Cast) -> None:
    state = await joining(cast, "guest")
    assert (state.access, state.refused, state.joined) == ("ok", "", False)
    assert state.invitation == "山田 花子さんから「山田家」への招待です"
    assert state.login_href.startswith("/login?next=/join/")
    assert state.sign_up_href.startswith("/signup?invitation=")
    await fire(state, "accept")
    assert state.error == "ログインが必要です"


async def test_a_guardian_joins_by_the_button(cast: Cast) -> None:
    state = await joining(cast, "alone")
    assert len(await fire(state, "accept")) == 2
    page = await family_page(cast, "alone")
    assert (page.access, page.owner, len(page.guardians)) == ("ok", False, 3)
    await fire(state, "load")
    assert state.joined


async def test_who_has_an_empty_family_joins_too_but_not_with_children(cast: Cast) -> None:
    async with cast.committed() as session:
        outsider = await make.actor_of(session, cast.people["outsider"])
        assert outsider.family_id
        child = families.ChildForm("そら", "sora", "2580")
        await families.add_child(session, outsider, outsider.family_id, child, now=clock.now())
    state = await joining(cast, "outsider")
    assert await fire(state, "accept") == []
    assert state.error.startswith("すでにご家族に登録されています")


@pytest.mark.parametrize(
    ("path", "age", "words"),
    [
        ("/join/forged", timedelta(0), "このリンクは使えません。期限が切れたか、すでに使われています"),
        ("", timedelta(days=8), "招待の有効期限が切れています"),
    ],
)
async def test_a_link_that_leads_nowhere_says_so(cast: Cast, path: str, age: timedelta, words: str) -> None:
    state = await joining(cast, "alone", age=age)
    if path:
        state = await tab(JoinState, cast.cookies["alone"], path)
        await fire(state, "load")
    assert (state.access, state.refused, state.invitation) == ("ok", words, "")
    await fire(state, "accept")
    assert state.error == words


async def test_a_stranger_who_guesses_links_stands_in_nobody_elses_way(cast: Cast) -> None:
    stranger = "2001:db8:1:2::1"
    for _ in range(CODE_ENTRIES.count):
        await fire(await tab(JoinState, "", "/join/forged", ip=stranger), "load")
    for ip, waits in ((stranger, True), ("2001:db8:1:2::9", True), ("203.0.113.9", False)):
        state = await tab(JoinState, "", "/join/forged", ip=ip)
        await fire(state, "load")
        assert state.refused.startswith("しばらく") is waits


async def test_the_way_back_asks_for_the_password_of_whoever_lent_the_device(cast: Cast) -> None:
    async with cast.committed() as session:
        await make.give_password(session, cast.people["hanako"])
        token = cast.cookies["hanako"].partition("=")[2]
        hanako = await sessions.resolve(session, token, now=clock.now())
        lent = await child_mode.enter(session, hanako, child_id=cast.people["umi"].id, now=clock.now())
    state = await tab(ChildModeState, f"naraigoto_session={lent.session_token}", "/kids/guardian")
    await fire(state, "load")
    assert (state.access, state.way, state.whose) == (
        "ok",
        "password",
        "山田 花子さんのパスワードを入力してください",
    )
    for who, way, access in (("umi", "none", "ok"), ("taro", "none", "ok"), ("guest", "", "login")):
        other = await tab(ChildModeState, cast.cookies[who], "/kids/guardian")
        await fire(other, "load")
        assert (other.way, other.whose, other.access) == (way, "", access)
