// The form of the search page, and the button that searches around the place where the person is.
import { Component, createElement as h, createRef, useState } from "react";
import { Form, useNavigate } from "react-router";

const touched = "npTouched";

/** A GET form whose fields follow the address: when `version` changes, each takes what was asked for,
 * but what somebody changed since the last submit stays as it is, with its focus and its composition. */
export class NpSearchForm extends Component {
  form = createRef();

  componentDidUpdate(before) {
    if (before.version === this.props.version) return;
    for (const field of this.form.current.elements) {
      if (!field.name || field.type === "hidden" || touched in field.dataset) continue;
      if (field.type === "checkbox") field.checked = field.defaultChecked;
      else if (field.tagName === "SELECT") {
        const asked = [...field.options].findIndex(({ value }) => value === field.dataset.asked);
        field.selectedIndex = Math.max(asked, 0);
      } else if (field.getAttribute("role") !== "combobox") field.value = field.defaultValue; // that one follows its own property
    }
  }

  render() {
    const { version, children, ...attributes } = this.props;
    return h(Form, {
      ...attributes,
      ref: this.form,
      onInput: ({ target }) => (target.dataset[touched] = ""),
      onSubmit: ({ currentTarget }) => [...currentTarget.elements].forEach((field) => delete field.dataset[touched]),
    }, children);
  }
}

/** The position goes into the address, nowhere else. */

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
