// A link to a file: what stands in the way of it is said beside the link, not on a page of its own.
import { createElement as h, useState } from "react";

const icon = (name, size = 20) =>
  h("svg", { className: "np-icon", width: size, height: size, "aria-hidden": true, focusable: "false" },
    h("use", { href: `/icons.svg#${name}` }));

/** Hands the file to the browser, under the name that the server gave it. */
function keep(file, named) {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = /filename="([^"]+)"/.exec(named ?? "")?.[1] ?? "";
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Without script, or opened elsewhere by hand, it is a plain link. */
export function NpDownload({ href, label, look, refusals, failed }) {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const onClick = async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setWrong("");
    try {
      const answer = await fetch(href, { credentials: "same-origin" });
      if (answer.ok) keep(await answer.blob(), answer.headers.get("Content-Disposition"));
      else {
        const told = await answer.json();
        setWrong(refusals ? refusals[told.code] ?? failed : told.detail ?? failed);
      }
    } catch {
      setWrong(failed);
    }
    setBusy(false);
  };
  return h("div", { className: "flex flex-col items-start gap-3" },
    h("a", { href, className: `np-btn np-btn-${look}`, "aria-busy": busy, onClick }, icon("download"), label),
    wrong && h("div", { role: "alert", className: "np-alert np-alert-error" },
      icon("circle-alert"), h("div", null, wrong)));
}
