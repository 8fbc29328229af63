// A form that posts JSON and then leaves by a full navigation, so that the websocket carries the new cookie.
import { createElement as h, useEffect, useId, useRef, useState } from "react";

const icon = (name, size = 16) =>
  h("svg", { className: "np-icon", width: size, height: size, "aria-hidden": true, focusable: "false" },
    h("use", { href: `/icons.svg#${name}` }));

/** Words with furigana: a text, or a list of [text, reading] and texts. */
const words = (value) =>
  Array.isArray(value)
    ? value.map((part, at) =>
        Array.isArray(part)
          ? h("ruby", { key: at }, part[0], h("rp", null, "（"), h("rt", null, part[1]), h("rp", null, "）"))
          : part)
    : value;

/** The address in ?next= when it lies on this site, else null. */
function nextPage() {
  const given = new URLSearchParams(window.location.search).get("next");
  if (!given || !/^\/(?![/\\])/.test(given)) return null;
  try {
    const url = new URL(given, window.location.origin);
    const inside = url.origin === window.location.origin && !url.pathname.startsWith("/login");
    return inside ? url.pathname + url.search + url.hash : null;
  } catch {
    return null;
  }
}

async function send(action, values) {
  const answer = await fetch(action, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(values),
  });
  return { status: answer.status, body: await answer.json() };
}

function Field({ field, error, id }) {
  const [shown, show] = useState(false);
  const secret = field.type === "password";
  const input = h("input", {
    id,
    name: field.name,
    type: secret && shown ? "text" : field.type,
    autoComplete: field.autoComplete,
    inputMode: field.inputMode,
    autoCapitalize: "none",
    spellCheck: false,
    className: "np-input",
    "aria-required": true,
    "aria-invalid": Boolean(error),
    "aria-describedby": [error && `${id}-error`, field.hint && `${id}-hint`].filter(Boolean).join(" ") || undefined,
  });
  const toggle = secret && h("button", {
    type: "button",
    className: "np-btn np-btn-quiet absolute right-1 inset-y-0",
    "aria-pressed": shown,
    onClick: () => show(!shown),
  }, shown ? field.hide : field.show);
  return h("div", { className: "np-field" },
    h("label", { htmlFor: id, className: "np-label" }, words(field.label)),
    h("div", { className: secret ? "relative np-secret" : "relative" }, input, toggle),
    field.hint && h("p", { id: `${id}-hint`, className: "np-hint" }, words(field.hint)),
    error && h("p", { id: `${id}-error`, role: "alert", className: "np-error" }, icon("circle-alert"), h("span", null, error)));
}

/** What went wrong, as { form, fields }. */
function refusal({ status, body }, texts) {
  if (status === 401) return { form: texts.wrong, fields: {} };
  if (status === 422) return { form: "", fields: body.errors ?? {} };
  return { form: status === 429 || status === 503 ? body.detail ?? texts.failed : texts.failed, fields: {} };
}

/** `homes` maps the kind of person who came in to an address; `examples` fill the form in. */
export function NpFetchForm({ action, fields, texts, homes, look, examples = [] }) {
  const form = useRef(null);
  const base = useId();
  const [ready, setReady] = useState(false);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState({ form: "", fields: {} });
  useEffect(() => setReady(true), []);

  const complain = (found) => {
    setWrong(found);
    setBusy(false);
    const first = fields.find((field) => found.fields[field.name]) ?? fields[0];
    form.current?.elements[first.name]?.focus();
  };

  const onSubmit = async (event) => {
    event.preventDefault();
    if (busy || !ready) return;
    const values = Object.fromEntries(new FormData(form.current));
    const empty = fields.filter((field) => !values[field.name]?.trim());
    if (empty.length) {
      complain({ form: "", fields: Object.fromEntries(empty.map((field) => [field.name, texts.required])) });
      return;
    }
    setWrong({ form: "", fields: {} });
    setBusy(true);
    try {
      const answer = await send(action, values);
      if (answer.status === 200) window.location.assign(nextPage() ?? homes[answer.body.user.type] ?? "/");
      else complain(refusal(answer, texts));
    } catch {
      complain({ form: texts.failed, fields: {} });
    }
  };

  const fill = (values) => {
    for (const [name, value] of Object.entries(values)) form.current.elements[name].value = value;
    setWrong({ form: "", fields: {} });
    form.current.elements[fields[0].name].focus();
  };

  return h("form", { ref: form, onSubmit, method: "post", action: "/login", noValidate: true, className: "flex flex-col gap-5" },
    wrong.form && h("div", { role: "alert", className: "np-alert np-alert-error" },
      icon("circle-alert", 20), h("div", null, wrong.form)),
    fields.map((field) => h(Field, { key: field.name, field, id: `${base}${field.name}`, error: wrong.fields[field.name] })),
    h("button", { type: "submit", className: `np-btn np-btn-${look} np-btn-block`, disabled: busy || !ready, "aria-busy": busy },
      words(texts.submit)),
    examples.length > 0 && h("div", { className: "flex flex-col gap-2 pt-4 border-t border-(--line)" },
      h("p", { className: "np-small np-muted" }, texts.examples),
      h("div", { className: "np-chips" }, examples.map((example) =>
        h("button", { key: example.label, type: "button", className: "np-chip", onClick: () => fill(example.values) },
          example.label)))));
}
