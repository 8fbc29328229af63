"""/schools/[school_id]: pictures, classes, instructors, slots by day, both voices."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.components import place
from naraigoto.components.seen import see_now
from naraigoto.pages.bookings import booking_dialog
from naraigoto.pages.review_reports import report_dialog
from naraigoto.state.booking_dialog import BookingState
from naraigoto.state.review_reports import ReviewReportState
from naraigoto.state.schools import SchoolState
from naraigoto.texts import schools as words
from naraigoto.texts import ui as common

_PICTURE = "flex-none snap-start overflow-hidden bg-(--soft) aspect-[3/2] w-[92%] sm:w-96 md:rounded-xl"


def school_page(viewer: Any) -> rx.Component:
    """Everything about one school; slots can be booked from here."""
    school: Any = SchoolState.school
    return ui.page(
        found(SchoolState.access, _body(school, viewer), title=words.NOT_FOUND),
        booking_dialog(after=SchoolState.refresh_slots),
        report_dialog(login_href=school.login_href),
        rx.el.span(on_unmount=SchoolState.leave),
        viewer=viewer,
        section="search",
        message=ReviewReportState.said,
        on_message_done=ReviewReportState.spoken,
    )


def found(access: Any, body: rx.Component, *, title: str) -> rx.Component:
    """The body when there is something to see; else a skeleton, a 404 with a way on, a 429 or a 503."""
    missing = ui.error_page(
        title,
        words.NOT_FOUND_TEXT,
        icon_name="map",
        action=ui.link_button(common.TO_SEARCH, href="/search", icon_name="search"),
    )
    waiting = rx.el.div(
        ui.skeleton("w-full aspect-[3/2] md:aspect-[3/1]"),
        ui.skeleton_text(4),
        class_name="flex flex-col gap-6",
    )
    return rx.match(  # pyright: ignore[reportReturnType]  # components only
        access,
        ("ok", body),
        ("missing", missing),
        ("login", missing),
        ("limited", ui.limited()),
        ("away", ui.unavailable()),
        waiting,
    )


def _body(school: Any, viewer: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(
            school.published,
            see_now(school.id, name=school.name, line=school.line, image=school.thumbnail),
            rx.fragment(),
        ),
        ui.when(~school.published, ui.alert(words.UNPUBLISHED, tone="info", live=False, class_name="mb-4")),
        _gallery(school),
        _head(school),
        rx.el.div(
            rx.el.div(
                _slots(school, viewer),
                place.reviews_section(SchoolState, words.REVIEWS, on_report=ReviewReportState.ask),
                class_name="min-w-0",
            ),
            rx.el.div(
                _about(school), _classes(school), _instructors(school), _place(school), class_name="min-w-0"
            ),
            class_name="grid gap-x-10 lg:grid-cols-[minmax(0,1fr)_24rem]",
        ),
    )


def _gallery(school: Any) -> rx.Component:
    pictures = rx.foreach(
        school.pictures,
        lambda picture, index: rx.el.li(
            rx.el.img(
                src=picture.url,
                alt=picture.alt,
                loading=rx.cond(index == 0, "eager", "lazy"),
                custom_attrs={"width": 1200, "height": 800},
                class_name="h-full w-full object-cover",
            ),
            class_name=_PICTURE,
            key=picture.url,
        ),
    )
    row = rx.el.ul(
        pictures,
        class_name="flex snap-x gap-3 overflow-x-auto pb-2 max-md:-mx-4 max-md:-mt-5 max-md:gap-1",
        tab_index=0,
        custom_attrs={"aria-label": words.GALLERY},
    )
    return rx.cond(school.pictures.length() > 0, row, rx.fragment())


def _head(school: Any) -> rx.Component:
    return rx.el.div(
        ui.when(ui.filled(school.kana), rx.el.p(school.kana, class_name="np-muted np-small")),
        rx.el.h1(school.name, tab_index=-1),
        rx.el.div(
            ui.text_link(school.category, href=school.category_href),
            ui.text_link(school.area, href=school.area_href),
            ui.when(
                ui.filled(school.badge), ui.badge(school.badge, tone="success", icon_name="circle-check")
            ),
            class_name="flex flex-wrap items-center gap-x-4 gap-y-2 pt-1",
        ),
        rx.el.p(school.summary, class_name="max-w-2xl pt-3 md:text-lg"),
        rx.el.a(
            ui.score(SchoolState.parent.rating, count=SchoolState.parent.count),
            ui.score(SchoolState.child.rating, child=True, count=SchoolState.child.count),
            href="#reviews",
            class_name="grid max-w-md grid-cols-2 gap-2 pt-4 no-underline",
            custom_attrs={"aria-label": words.TO_REVIEWS},
        ),
        class_name="pt-4",
    )


def _slots(school: Any, viewer: Any) -> rx.Component:
    return place.slots_section(
        SchoolState,
        rx.el.p(words.SLOTS_NOTE, class_name="np-muted np-small pt-3"),
        viewer=viewer,
        login_href=school.login_href,
        on_book=BookingState.choose,
    )


def _about(school: Any) -> rx.Component:
    about = place.section(words.ABOUT, rx.el.p(school.description, class_name="whitespace-pre-line"))
    return ui.when(ui.filled(school.description), about)


def _classes(school: Any) -> rx.Component:
    cards = rx.el.div(rx.foreach(school.classes, _class), class_name="flex flex-col gap-3")
    return rx.cond(school.classes.length() > 0, place.section(words.CLASSES, cards), rx.fragment())


def _class(lesson: Any) -> rx.Component:
    return ui.card(
        rx.el.h3(lesson.title, class_name="mb-1"),
        ui.when(ui.filled(lesson.description), rx.el.p(lesson.description, class_name="np-small mb-2")),
        ui.facts(
            (words.AGES, lesson.ages),
            (words.MINUTES, lesson.minutes),
            (words.COST, lesson.tickets),
            (words.CAPACITY, lesson.capacity),
            class_name="np-small",
        ),
        ui.when(
            ui.filled(lesson.belongings),
            rx.el.p(rx.el.b(words.BELONGINGS), "　", lesson.belongings, class_name="np-small pt-2"),
        ),
        ui.when(
            lesson.choice, rx.el.p(ui.badge(words.CHOICE, tone="info", icon_name="user"), class_name="pt-2")
        ),
        key=lesson.id,
    )


def _instructors(school: Any) -> rx.Component:
    people = rx.el.ul(rx.foreach(school.instructors, _instructor), class_name="flex flex-col gap-2")
    return rx.cond(school.instructors.length() > 0, place.section(words.INSTRUCTORS, people), rx.fragment())


def _instructor(person: Any) -> rx.Component:
    return rx.el.li(
        portrait(person.image, person.name, "h-12 w-12"),
        rx.el.div(
            ui.text_link(person.name, href=person.href, class_name="font-bold"),
            rx.el.p(person.profile, class_name="np-muted np-small line-clamp-2"),
            class_name="min-w-0",
        ),
        class_name="flex items-center gap-3",
        key=person.href,
    )


def portrait(image: Any, name: Any, size: str) -> rx.Component:
    """A person's picture, or the first letter of the name."""
    picture = rx.el.img(
        src=image,
        alt="",
        loading="lazy",
        custom_attrs={"width": 128, "height": 128},
        class_name=f"{size} flex-none rounded-full object-cover bg-(--soft)",
    )
    return rx.cond(ui.filled(image), picture, ui.avatar(name))


def _place(school: Any) -> rx.Component:
    return place.section(
        words.PLACE,
        ui.facts((words.ADDRESS, school.address), (words.ACCESS, school.access), class_name="np-small mb-3"),
        ui.school_map(
            school.pins,
            tile_url=SchoolState.tile_url,
            attribution=words.MAP_SOURCE,
            class_name="h-64 !min-h-64",
        ),
    )
