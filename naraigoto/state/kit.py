"""State of /dev/kit: opens the dialog, turns tabs, echoes the map. Outside production only."""

import reflex as rx

from naraigoto.texts import kit


class KitState(rx.State):
    """Clicks on the sample parts; nothing leaves the page."""

    dialog_open: bool = False
    tab: str = "upcoming"
    message: str = ""
    pressed: str = ""
    moved: bool = False
    chip_on: bool = True

    @rx.event
    def open_dialog(self) -> None:
        """Show the sample dialog."""
        self.dialog_open = True

    @rx.event
    def close_dialog(self) -> None:
        """Hide the sample dialog."""
        self.dialog_open = False

    @rx.event
    def confirm(self) -> None:
        """Close the dialog and say so in the live region."""
        self.dialog_open = False
        self.message = kit.TOAST

    @rx.event
    def say(self) -> None:
        """Show the sample toast."""
        self.message = kit.TOAST

    @rx.event
    def said(self) -> None:
        """The toast has gone, so the same words can be said again."""
        self.message = ""

    @rx.event
    def turn(self, tab: str) -> None:
        """Show another tab of the sample."""
        self.tab = "past" if tab == "past" else "upcoming"

    @rx.event
    def toggle_chip(self) -> None:
        """Switch the sample filter."""
        self.chip_on = not self.chip_on

    @rx.event
    def press(self, pin: str) -> None:
        """Remember the sample pin that was pressed."""
        self.pressed = pin if pin in [place["id"] for place in kit.PINS] else ""

    @rx.event
    def move(self, bounds: dict) -> None:
        """Note that a person moved the sample map."""
        self.moved = bool(bounds)
