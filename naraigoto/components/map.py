"""A map of pins: Leaflet, loaded only on pages that use it; honest without tiles."""

from typing import Any, TypedDict

import reflex as rx

from naraigoto.components.base import Text
from naraigoto.texts import ui


class Pin(TypedDict):
    """One school on the map; an empty price writes its label on the pin."""

    id: str
    lat: float
    lng: float
    label: str
    price: str


class AreaName(TypedDict):
    """The name of a municipality, written on the plain backdrop."""

    name: str
    lat: float
    lng: float


class Map(rx.NoSSRComponent):
    """Leaflet with pins and clusters that are real buttons; `on_move` gets {south, west, north, east}."""

    library = "$/public/np_map.js"
    tag = "NpMap"
    lib_dependencies: list[str] = ["leaflet@1.9.4"]

    pins: rx.Var[list[Any]]  # of Pin; Reflex cannot compare a TypedDict with a Var
    areas: rx.Var[list[Any]]  # of AreaName
    selected: rx.Var[str]
    tile_url: rx.Var[str]
    attribution: rx.Var[str]
    label: rx.Var[str]
    words: rx.Var[dict[str, str]]
    on_select: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_move: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


def school_map(
    pins: Any,
    *,
    areas: Any = (),
    selected: Text = "",
    tile_url: Text = "",
    attribution: Text = "",
    on_select: Any = None,
    on_move: Any = None,
    class_name: str = "",
) -> rx.Component:
    """Pins on a map: `on_select(id)` when one is pressed, `on_move(bounds)` when a person moved the map."""
    events = {
        name: event for name, event in (("on_select", on_select), ("on_move", on_move)) if event is not None
    }
    words = {
        "hint": ui.MAP_HINT,
        "zoomIn": ui.ZOOM_IN,
        "zoomOut": ui.ZOOM_OUT,
        "cluster": ui.MAP_CLUSTER,
        "priced": ui.MAP_PRICED,
    }
    return rx.el.div(
        Map.create(
            pins=pins,
            areas=list(areas) if isinstance(areas, list | tuple) else areas,
            selected=selected,
            tile_url=tile_url,
            attribution=attribution,
            label=ui.MAP,
            words=words,
            **events,
        ),
        class_name=f"np-map {class_name}".strip(),
    )
