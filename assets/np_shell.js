// Small browser parts of the kit: what HTML alone cannot do. No eval, no network.
import { Children, createElement as h, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";

const icon = (name, size = 20) =>
  h("svg", { className: "np-icon", width: size, height: size, "aria-hidden": true, focusable: "false" },
    h("use", { href: `/icons.svg#${name}` }));

/** Native modal dialog driven by `open`; Esc, backdrop and focus return come with showModal(). */
export function NpDialog({ open, onClose, labelledBy, children, className, id }) {
  const ref = useRef(null);
  useEffect(() => {
    const dialog = ref.current;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);
  return h("dialog", {
    ref, id, className, "aria-labelledby": labelledBy,
    onCancel: (event) => {
      if (event.target !== ref.current) return;
      event.preventDefault();
      onClose?.();
    },
    onClick: (event) => {
      if (event.target !== ref.current) return;
      const box = ref.current.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right &&
        event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside) onClose?.();
    },
  }, children);
}

/** <main>, busy until the server has sent all that this address shows; then `data-loaded` names the address.
 * Before scripts run, and without them, it says neither. */
export function NpMain({ hydrated, children, ...attributes }) {
  const { pathname, search } = useLocation();
  const address = pathname + search;
  const [loaded, note] = useState(null);
  // Reflex takes `hydrated` back only after a navigation was drawn: until then the address tells that this is a new page.
  useEffect(() => note(hydrated ? address : ""), [hydrated]);
  const whole = hydrated && loaded === address;
  const state = loaded === null ? {} : { "aria-busy": !whole, "data-loaded": whole ? address : undefined };
  return h("main", { ...attributes, ...state }, children);
}

let lastPath = null;

/** After a client navigation: move focus to the page's heading, or to what the address names, and say its title. */
export function NpRouteFocus() {
  const { pathname } = useLocation();
  const [said, say] = useState("");
  const [moving, move] = useState(false);
  useEffect(() => {
    const before = lastPath;
    lastPath = pathname;
    if (before === null || before === pathname) return undefined;
    move(true);
    const timer = setTimeout(() => {
      // Somebody quick may have jumped within the page already.
      const named = document.getElementById(window.location.hash.slice(1));
      const target = named ?? document.querySelector("#main h1") ?? document.getElementById("main");
      if (target) {
        target.setAttribute("tabindex", "-1");
        target.focus({ preventScroll: true });
      }
      if (named) named.scrollIntoView();
      else window.scrollTo(0, 0);
      say(document.title);
      move(false);
    }, 60);
    return () => clearTimeout(timer);
  }, [pathname]);
  return h("div", { className: "np-sr", "aria-live": "polite", "aria-atomic": true, "aria-busy": moving }, said);
}

/** Where one thing takes the place of its list: the focus goes to its heading, and back to the row it came from,
 * or to the page's heading when that row is gone. */
export function NpFocusFollows({ shown, inside, row }) {
  const before = useRef(shown);
  useEffect(() => {
    const left = before.current;
    before.current = shown;
    if (left === shown) return;
    const target = document.getElementById(shown ? inside : row + left) ?? document.querySelector("#main h1");
    target?.focus();
  }, [shown]);
  return null;
}

/** Comes into view when it appears: what it says is the answer to a button far below. */
export function NpIntoView({ role, className, children }) {
  const ref = useRef(null);
  // Braces: newer browsers answer with a promise, which React would call as the effect's clean-up.
  useEffect(() => {
    ref.current.scrollIntoView({ block: "center" });
  }, []);
  return h("div", { ref, role, className }, children);
}

/** One polite live region; shows `message` for `seconds` (0: until closed). */
export function NpToast({ message, closeLabel, seconds = 6, onDone }) {
  const [hidden, hide] = useState("");
  useEffect(() => {
    hide("");
    if (!message || !seconds) return undefined;
    const timer = setTimeout(() => {
      hide(message);
      onDone?.();
    }, seconds * 1000);
    return () => clearTimeout(timer);
  }, [message, seconds]);
  const close = () => {
    hide(message);
    onDone?.();
  };
  const shown = message && message !== hidden;
  return h("div", { className: "np-toasts", role: "status", "aria-live": "polite" },
    shown && h("div", { className: "np-toast" }, icon("circle-check"), h("span", null, message),
      h("button", { type: "button", "aria-label": closeLabel, onClick: close }, icon("x"))));
}

/** Arrow keys, Home and End move between the tabs inside. */
export function NpTabList({ label, children, className }) {
  const onKeyDown = (event) => {
    const tabs = [...event.currentTarget.querySelectorAll('[role="tab"]')];
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    tab.focus();
    tab.click();
  };
  return h("div", { role: "tablist", "aria-label": label, className, onKeyDown }, children);
}

/** A <details> menu that closes on Esc, on a click elsewhere and after choosing a link;
 * the first child is its summary. */
export function NpMenu({ label, children, className }) {
  const ref = useRef(null);
  const [summary, ...rest] = Children.toArray(children);
  const { pathname } = useLocation();
  const close = () => ref.current?.removeAttribute("open");
  useEffect(close, [pathname]);
  useEffect(() => {
    const outside = (event) => !ref.current?.contains(event.target) && close();
    const escape = (event) => {
      if (event.key !== "Escape" || !ref.current?.open) return;
      close();
      ref.current.querySelector("summary").focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("keydown", escape);
    };
  }, []);
  return h("details", { ref, className }, h("summary", { "aria-label": label }, summary), h("div", null, rest));
}

/** Loads the page again from the server. */
export function NpReload({ children, className }) {
  return h("button", { type: "button", className, onClick: () => window.location.reload() }, children);
}
