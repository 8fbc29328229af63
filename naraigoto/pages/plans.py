"""/plans: what tickets cost, for everybody; the way to order for whoever may."""

from typing import Any

import reflex as rx

from naraigoto import components as ui
from naraigoto.state.plans import PlansState
from naraigoto.texts import plans as texts


def plans_page(viewer: Any) -> rx.Component:
    """The plans side by side, then the questions people have."""
    state: Any = PlansState
    return ui.page(
        ui.page_heading(texts.HEADING, lead=texts.LEAD),
        ui.when(state.returned, ui.alert(texts.RETURNED, tone="info", class_name="mb-6")),
        rx.el.ul(*[_plan(plan, state) for plan in texts.cards()], class_name="grid gap-5 md:grid-cols-3"),
        _for_reader(state.reader),
        _questions(),
        viewer=viewer,
        section="plans",
    )


def _plan(plan: texts.PlanWords, state: Any) -> rx.Component:
    way = ui.link_button(
        texts.CHOOSE,
        href=plan.href,
        block=True,
        custom_attrs={"aria-describedby": f"plan-{plan.id}"},
    )
    current = ui.badge(texts.CURRENT, tone="accent", icon_name="circle-check")
    return rx.el.li(
        rx.el.div(
            rx.el.h2(plan.name, id=f"plan-{plan.id}"),
            ui.when(state.current == plan.id, current),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.el.p(plan.mood, class_name="np-muted"),
        rx.el.p(
            rx.el.b(plan.price, class_name="np-round text-4xl leading-none tabular-nums"),
            rx.el.span(texts.PER_MONTH, class_name="font-bold"),
            rx.el.span(texts.TAX, class_name="np-small np-muted"),
            class_name="flex items-baseline gap-1.5 pt-2",
        ),
        rx.el.p(
            ui.icon("ticket", size=22, class_name="text-(--accent)"),
            rx.el.b(plan.tickets, class_name="text-lg"),
            rx.el.span(plan.each, class_name="np-small np-muted"),
            class_name="flex items-center gap-2",
        ),
        ui.when(state.reader == "order", rx.el.div(way, class_name="pt-3 mt-auto")),
        class_name=rx.cond(
            state.current == plan.id,
            "np-card flex flex-col gap-2 border-2 !border-(--accent)",
            "np-card flex flex-col gap-2",
        ),
    )


def _for_reader(reader: Any) -> rx.Component:
    """What stands in the place of the buttons for whoever may not order."""
    subscribed = rx.el.p(
        texts.SUBSCRIBED, " ", ui.text_link(texts.TO_TICKETS, href="/tickets"), class_name="mt-5"
    )
    return rx.match(  # pyright: ignore[reportReturnType]  # components only
        reader,
        ("subscribed", subscribed),
        ("member", rx.el.p(texts.FOR_OWNER, class_name="mt-5")),
        ("child", rx.el.p(texts.FOR_CHILD, class_name="mt-5")),
        ("staff", rx.el.p(texts.FOR_STAFF, class_name="mt-5")),
        rx.fragment(),
    )


def _questions() -> rx.Component:
    rows = [
        rx.el.details(
            rx.el.summary(question, class_name="min-h-[44px] py-3 font-bold"),
            rx.el.p(answer, class_name="pb-4 np-muted"),
            class_name="border-t border-(--line) first:border-t-0",
        )
        for question, answer in texts.ANSWERS
    ]
    return rx.el.section(
        rx.el.h2(texts.QUESTIONS, class_name="mt-12 mb-3"), ui.card(*rows, class_name="!py-2 np-text !mx-0")
    )
