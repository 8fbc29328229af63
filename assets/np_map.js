// Leaflet behind one component: pins are buttons, the backdrop is plain paper when there are no tiles.
import { createElement as h, useEffect, useRef } from "react";
import L from "leaflet";
import "leaflet/dist/leaflet.css";

const CELL = 72; // pixels: pins nearer than this are shown as one
const SINGLE = 17; // from this zoom every pin stands alone
const JAPAN = [[30.0, 129.0], [43.5, 145.0]];

const boundsOf = (map) => {
  const b = map.getBounds();
  return { south: b.getSouth(), west: b.getWest(), north: b.getNorth(), east: b.getEast() };
};

const box = (element) => L.divIcon({ html: element, className: "np-pin-box", iconSize: [0, 0] });

function buttonOf(className, text, label, members, onClick) {
  const button = document.createElement("button");
  const words = document.createElement("span");
  button.type = "button";
  button.className = className;
  button.dataset.members = members.map((pin) => pin.id).join(" ");
  button.setAttribute("aria-label", label);
  button.title = label;
  words.textContent = text;
  button.append(words);
  L.DomEvent.disableClickPropagation(button);
  button.addEventListener("click", onClick);
  return button;
}

function pinOf(pin, selected, words, onSelect) {
  const label = pin.price ? words.priced.replace("{name}", pin.label).replace("{price}", pin.price) : pin.label;
  const button = buttonOf("np-pin", pin.price || pin.label, label, [pin], () => onSelect(pin.id));
  button.setAttribute("aria-pressed", String(pin.id === selected));
  return L.marker([pin.lat, pin.lng], { icon: box(button), keyboard: false, zIndexOffset: pin.id === selected ? 1000 : 0 });
}

/** Several pins as one button with their number, which comes nearer when pressed. */
function clusterOf(map, pins, words) {
  const bounds = L.latLngBounds(pins.map((pin) => [pin.lat, pin.lng]));
  const nearer = () => map.fitBounds(bounds, { padding: [56, 56], maxZoom: SINGLE, animate: false });
  const button = buttonOf("np-pin np-cluster", String(pins.length), words.cluster.replace("{}", pins.length), pins, nearer);
  return L.marker(bounds.getCenter(), { icon: box(button), keyboard: false });
}

/** Pins that would lie on one another at this zoom, together; the selected one always stands alone. */
function grouped(map, pins, selected) {
  const zoom = map.getZoom();
  const cells = new Map();
  for (const pin of pins) {
    const at = map.project([pin.lat, pin.lng], zoom);
    const alone = zoom >= SINGLE || pin.id === selected;
    const cell = alone ? pin.id : `${Math.floor(at.x / CELL)}:${Math.floor(at.y / CELL)}`;
    cells.set(cell, [...(cells.get(cell) ?? []), pin]);
  }
  return [...cells.values()];
}

function areaOf(area) {
  const name = document.createElement("span");
  name.className = "np-area-name";
  name.textContent = area.name;
  return L.marker([area.lat, area.lng], { icon: box(name), interactive: false, keyboard: false, zIndexOffset: -1000 });
}

/** Of names that would lie on one another only the first is shown. */
function thin(map, layer) {
  const shown = [];
  layer.eachLayer((marker) => {
    const at = map.latLngToLayerPoint(marker.getLatLng());
    const free = shown.every((other) => Math.abs(other.x - at.x) > 104 || Math.abs(other.y - at.y) > 26);
    marker.getElement().style.visibility = free ? "" : "hidden";
    if (free) shown.push(at);
  });
}

export function NpMap({ pins, areas, selected, tileUrl, attribution, label, words, onSelect, onMove }) {
  const host = useRef(null);
  const live = useRef({});
  live.current.onSelect = onSelect;
  live.current.onMove = onMove;

  useEffect(() => {
    const map = L.map(host.current, { zoomControl: false, attributionControl: Boolean(tileUrl), fadeAnimation: false });
    map.fitBounds(JAPAN);
    L.control.zoom({ position: "topright", zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    if (tileUrl) {
      map.attributionControl.setPrefix(false);
      L.tileLayer(tileUrl, { attribution, maxZoom: 18 }).addTo(map);
    }
    // Only a person's own move is reported: fitting the pins would start an endless search.
    let own = false;
    const byHand = () => { own = true; };
    map.on("dragstart zoomstart", () => { if (!live.current.fitting) byHand(); });
    map.on("keydown", byHand);
    map.on("zoomend", () => {
      if (live.current.areas) thin(map, live.current.areas);
      live.current.draw?.();
    });
    // The card that is pointed at lights its pin.
    const light = (event) => {
      const school = event.target.closest?.("[data-school]")?.dataset.school;
      for (const pin of host.current?.querySelectorAll(".np-pin") ?? [])
        pin.classList.toggle("np-pin-lit", Boolean(school) && pin.dataset.members.split(" ").includes(school));
    };
    document.addEventListener("pointerover", light);
    document.addEventListener("focusin", light);
    map.on("moveend", () => {
      if (own) live.current.onMove?.(boundsOf(map));
      own = false;
    });
    const resize = new ResizeObserver(() => {
      map.invalidateSize({ pan: false });
      // Pins fitted while the map was hidden (the list of a phone) are fitted again when it is seen.
      if (live.current.blind && map.getSize().x) live.current.fit();
    });
    resize.observe(host.current);
    live.current.map = map;
    live.current.pins = L.layerGroup().addTo(map);
    live.current.areas = L.layerGroup().addTo(map);
    return () => {
      resize.disconnect();
      document.removeEventListener("pointerover", light);
      document.removeEventListener("focusin", light);
      map.remove();
      live.current = {};
    };
  }, [tileUrl]);

  const spots = JSON.stringify(pins ?? []);
  const names = JSON.stringify(areas ?? []);

  useEffect(() => {
    const { map, areas: layer } = live.current;
    layer.clearLayers();
    if (!tileUrl) JSON.parse(names).forEach((area) => areaOf(area).addTo(layer));
    thin(map, layer);
  }, [names, tileUrl]);

  useEffect(() => {
    const { map, pins: layer } = live.current;
    live.current.draw = () => {
      const focused = host.current?.contains(document.activeElement) && document.activeElement.dataset.members?.split(" ")[0];
      layer.clearLayers();
      for (const pins of grouped(map, JSON.parse(spots), selected)) {
        const single = pins.length === 1;
        const marker = single ? pinOf(pins[0], selected, words, (id) => live.current.onSelect?.(id)) : clusterOf(map, pins, words);
        const button = marker.addTo(layer).getElement().querySelector("button");
        if (focused && pins.some((pin) => pin.id === focused)) button.focus({ preventScroll: true });
      }
    };
    live.current.draw();
  }, [spots, selected, tileUrl]);

  useEffect(() => {
    const { map } = live.current;
    const all = JSON.parse(spots);
    if (!all.length) return;
    const bounds = L.latLngBounds(all.map((pin) => [pin.lat, pin.lng]));
    live.current.fit = () => {
      live.current.fitting = true;
      map.fitBounds(bounds, { padding: [48, 48], maxZoom: 15, animate: false });
      live.current.fitting = false;
      live.current.fitted = true;
      live.current.blind = !map.getSize().x;
    };
    if (!live.current.fitted || !map.getBounds().contains(bounds)) live.current.fit();
  }, [spots, tileUrl]);

  return h("div", { ref: host, role: "region", "aria-label": label, "aria-description": words.hint, tabIndex: 0 });
}
