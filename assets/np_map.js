// Leaflet behind one component: pins are buttons, the backdrop is plain paper when there are no tiles.
import { createElement as h, useEffect, useRef } from "react";
import L from "leaflet";
import "leaflet/dist/leaflet.css";

const FAR = 11; // below this zoom names would lie on one another
const JAPAN = [[30.0, 129.0], [43.5, 145.0]];

const boundsOf = (map) => {
  const b = map.getBounds();
  return { south: b.getSouth(), west: b.getWest(), north: b.getNorth(), east: b.getEast() };
};

const box = (element) => L.divIcon({ html: element, className: "np-pin-box", iconSize: [0, 0] });

function pinOf(pin, selected, onSelect) {
  const button = document.createElement("button");
  const words = document.createElement("span");
  button.type = "button";
  button.className = "np-pin";
  button.setAttribute("aria-pressed", String(pin.id === selected));
  button.setAttribute("aria-label", pin.label);
  button.title = pin.label;
  words.textContent = pin.label;
  button.append(words);
  L.DomEvent.disableClickPropagation(button);
  button.addEventListener("click", () => onSelect(pin.id));
  return L.marker([pin.lat, pin.lng], { icon: box(button), keyboard: false, zIndexOffset: pin.id === selected ? 1000 : 0 });
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
    const crowd = () => host.current?.classList.toggle("np-map-far", map.getZoom() < FAR);
    map.on("zoomend", () => {
      crowd();
      if (live.current.areas) thin(map, live.current.areas);
    });
    crowd();
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
    const focused = document.activeElement?.closest?.(".np-pin")?.textContent;
    layer.clearLayers();
    for (const pin of JSON.parse(spots)) {
      const marker = pinOf(pin, selected, (id) => live.current.onSelect?.(id)).addTo(layer);
      if (focused === pin.label) marker.getElement().querySelector("button").focus({ preventScroll: true });
    }
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
