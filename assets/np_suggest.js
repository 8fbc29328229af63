// A search field with suggestions: WAI-ARIA combobox, quiet while an input method is composing a choice of its own.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";

const WAIT = 120; // ms without a key before the server is asked
const ICONS = { area: "map", station: "map-pin", school: "school" };

/** Where a suggestion leads: a school to its page, everything else to the search of the words before it, narrowed by it. */
function addressOf(item, before, kept) {
  if (item.kind === "school") return `/schools/${item.id}`;
  const query = new URLSearchParams(kept);
  if (before) query.set("q", before);
  if (item.kind === "genre") query.set("category", item.id);
  if (item.kind === "area") {
    const areas = (query.get("area") ?? "").split(",").filter(Boolean);
    query.set("area", [...new Set([...areas, item.id])].join(","));
  }
  if (item.kind === "station") {
    query.delete("radius_m");
    query.delete("area");
    query.set("near", `${item.location.lat},${item.location.lng}`);
    query.set("travel", "walk");
    query.set("sort", "distance");
  }
  return `/search?${query}`;
}

function option(item, index, active, id, words, choose) {
  const icon = item.kind === "genre" ? `genre-${item.id}` : ICONS[item.kind];
  return h("li", {
    key: `${item.kind}:${item.id}`, id: `${id}-${index}`, role: "option", "aria-selected": index === active, className: "np-option",
    onMouseDown: (event) => event.preventDefault(), // the field keeps the focus
    onClick: () => choose(item),
  },
  h("svg", { className: "np-icon", width: 18, height: 18, "aria-hidden": true, focusable: "false" }, h("use", { href: `/icons.svg#${icon}` })),
  h("span", { className: "np-option-text" }, item.text),
  h("span", { className: "np-muted np-small" }, item.detail || words.kinds[item.kind]));
}

export function NpSuggest({ fieldId, name, value, placeholder, kept, words }) {
  const [typed, type] = useState(value ?? "");
  const [items, setItems] = useState([]);
  const [active, setActive] = useState(-1);
  const [open, setOpen] = useState(false);
  const asked = useRef(null);
  const field = useRef(null);
  const navigate = useNavigate();
  const id = `${fieldId}-list`;
  const shown = open && items.length > 0;

  useEffect(() => () => asked.current?.abort(), []);
  useEffect(() => {
    // What somebody typed since the last search is theirs; otherwise the field says what was searched.
    if (!("npTouched" in field.current.dataset)) type(value ?? "");
  }, [value]);

  const ask = (text) => {
    type(text);
    setActive(-1);
    asked.current?.abort();
    if (!text.trim()) {
      setItems([]);
      setOpen(false);
      return;
    }
    const stop = new AbortController();
    asked.current = stop;
    setTimeout(async () => {
      if (stop.signal.aborted) return;
      try {
        const answer = await fetch(`/api/v1/schools/suggest?q=${encodeURIComponent(text)}`, { signal: stop.signal });
        if (!answer.ok) return; // suggestions are a help, never a reason to stop typing
        setItems((await answer.json()).items);
        setOpen(true);
      } catch {
        // Typed on, or no connection: the field works as it is.
      }
    }, WAIT);
  };
  const close = () => {
    asked.current?.abort();
    setOpen(false);
    setActive(-1);
  };
  const choose = (item) => {
    close();
    delete field.current.dataset.npTouched;
    const before = typed.trim().split(/\s+/).slice(0, -1).join(" ");
    type(before);
    navigate(addressOf(item, before, kept));
  };
  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && items.length) {
      event.preventDefault();
      setOpen(true);
      // One place before the first and after the last is the field itself.
      setActive(((active + 1 + steps[event.key] + items.length + 1) % (items.length + 1)) - 1);
    } else if (event.key === "Enter" && shown && active >= 0) {
      event.preventDefault();
      choose(items[active]);
    } else if (event.key === "Enter") {
      close();
    } else if (event.key === "Escape" && shown) {
      event.preventDefault();
      close();
    }
  };
  return h("div", { className: "np-suggest" },
    h("input", {
      ref: field, id: fieldId, name, type: "search", value: typed, placeholder, maxLength: 100, enterKeyHint: "search", autoComplete: "off", className: "np-input",
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": shown, "aria-controls": shown ? id : undefined,
      "aria-activedescendant": shown && active >= 0 ? `${id}-${active}` : undefined,
      onChange: (event) => ask(event.target.value), onKeyDown, onBlur: close,
    }),
    shown && h("ul", { id, role: "listbox", "aria-label": words.list, className: "np-options" },
      items.map((item, index) => option(item, index, active, id, words, choose))),
    h("span", { role: "status", className: "np-sr" }, shown ? words.found.replace("{}", items.length) : ""));
}
