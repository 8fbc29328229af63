// The button that searches around the place where the person is. The position goes into the address, nowhere else.
import { createElement as h, useState } from "react";
import { useNavigate } from "react-router";

export function NpHere({ base, label, busyLabel, deniedText, className }) {
  const [state, set] = useState("idle");
  const navigate = useNavigate();
  const ask = () => {
    if (!navigator.geolocation) return set("denied");
    set("busy");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        set("idle");
        const near = `${coords.latitude.toFixed(5)},${coords.longitude.toFixed(5)}`;
        navigate(`${base}${base.includes("?") ? "&" : "?"}near=${near}`);
      },
      () => set("denied"),
      { maximumAge: 300000, timeout: 10000 },
    );
  };
  const busy = state === "busy";
  return h("div", { className: "flex flex-wrap items-center gap-2" },
    h("button", { type: "button", className, onClick: ask, disabled: busy, "aria-busy": busy },
      h("svg", { className: "np-icon", width: 18, height: 18, "aria-hidden": true, focusable: "false" },
        h("use", { href: "/icons.svg#map-pin" })),
      busy ? busyLabel : label),
    h("span", { role: "status", className: "np-small np-muted" }, state === "denied" ? deniedText : ""));
}
