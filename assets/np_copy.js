// Copies a text and says so; without a clipboard it selects the text, so that the hand can copy it.
import { createElement as h, useEffect, useRef, useState } from "react";

const icon = (name, size = 20) =>
  h("svg", { className: "np-icon", width: size, height: size, "aria-hidden": true, focusable: "false" },
    h("use", { href: `/icons.svg#${name}` }));

export function NpCopy({ text, label, copyLabel, doneLabel }) {
  const field = useRef(null);
  const [done, setDone] = useState(false);
  useEffect(() => setDone(false), [text]);
  const onClick = async () => {
    field.current.select();
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
    } catch {
      setDone(false);
    }
  };
  return h("div", { className: "flex flex-col gap-2" },
    h("input", { ref: field, readOnly: true, value: text, "aria-label": label, className: "np-input",
      onFocus: (event) => event.target.select() }),
    h("button", { type: "button", className: "np-btn np-btn-primary np-btn-block", onClick },
      icon(done ? "check" : "external-link"), h("span", { role: "status" }, done ? doneLabel : copyLabel)));
}
