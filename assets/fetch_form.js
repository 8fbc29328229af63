// A form that sends JSON, and then leaves by a full navigation (so that the websocket carries the new cookie)
// or says on the spot that it is done. Everything comes from props: components/fetch_form.py tells of them.
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
    const inside = url.origin === window.location.origin && !/^\/(login|signup)/.test(url.pathname);
    return inside ? url.pathname + url.search + url.hash : null;
  } catch {
    return null;
  }
}

async function send(action, method, values) {
  const answer = await fetch(action, {
    method,
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(values),
  });
  const text = await answer.text();
  return { status: answer.status, ok: answer.ok, body: text ? JSON.parse(text) : null };
}

/** What the fields hold, as it is sent. */
function valuesOf(fields, form) {
  const typed = new FormData(form);
  const value = (field) =>
    field.type === "checkbox" ? typed.has(field.name) : typed.get(field.name)?.trim() ? typed.get(field.name) : null;
  return Object.fromEntries(fields.map((field) => [field.name, value(field)]));
}

/** What went wrong, as { form, fields }; what no field can tell is told above the form. */
function refusal({ status, body }, fields, texts) {
  if (!body?.code) return { form: texts.failed, fields: {} };
  const told = texts.refusals[body.code] ?? (status === 401 && texts.wrong ? texts.wrong : body.detail) ?? texts.failed;
  const place = fields.find((field) => field.codes.includes(body.code));
  if (place) return { form: "", fields: { [place.name]: told } };
  const shown = fields.filter((field) => field.type !== "hidden" && body.errors?.[field.name]);
  return shown.length
    ? { form: "", fields: Object.fromEntries(shown.map((field) => [field.name, body.errors[field.name]])) }
    : { form: told, fields: {} };
}

const described = (field, error, id) =>
  [error && `${id}-error`, (field.hint || field.strength) && `${id}-hint`].filter(Boolean).join(" ") || undefined;

const complaint = (error, id) =>
  error && h("p", { id: `${id}-error`, role: "alert", className: "np-error" }, icon("circle-alert"), h("span", null, error));

function Hint({ field, length, id }) {
  const { strength } = field;
  if (!field.hint && !strength) return null;
  const level = !strength || !length ? "" : length < strength.least ? "short" : length < strength.good ? "fair" : "strong";
  const said = level ? strength[level].replace("{n}", strength.least - length) : words(field.hint);
  return h("div", { id: `${id}-hint`, className: "np-hint" },
    strength && h("span", { className: "np-strength", "data-level": level, "aria-hidden": true }),
    said);
}

function Line({ field, error, id }) {
  const [shown, show] = useState(false);
  const [length, measure] = useState(0);
  const secret = field.type === "password";
  const input = h("input", {
    id,
    name: field.name,
    type: secret && shown ? "text" : field.type,
    defaultValue: field.value,
    autoComplete: field.autoComplete,
    inputMode: field.inputMode,
    maxLength: field.maxLength || undefined,
    autoCapitalize: "none",
    spellCheck: false,
    className: "np-input",
    "aria-required": field.required,
    "aria-invalid": Boolean(error),
    "aria-describedby": described(field, error, id),
    onChange: field.strength ? (event) => measure([...event.target.value].length) : undefined,
  });
  const toggle = secret && h("button", {
    type: "button",
    className: "np-btn np-btn-quiet absolute right-1 inset-y-0",
    "aria-pressed": shown,
    onClick: () => show(!shown),
  }, shown ? field.hide : field.show);
  return h("div", { className: "np-field" },
    h("label", { htmlFor: id, className: "np-label" }, words(field.label),
      field.optional && h("span", { className: "np-optional" }, field.optional)),
    h("div", { className: secret ? "relative np-secret" : "relative" }, input, toggle),
    h(Hint, { field, length, id }),
    complaint(error, id));
}

function Check({ field, error, id }) {
  return h("div", { className: "np-field" },
    h("label", { className: "np-check" },
      h("input", {
        id, name: field.name, type: "checkbox", defaultChecked: field.value === "true",
        "aria-required": field.required, "aria-invalid": Boolean(error), "aria-describedby": described(field, error, id),
      }),
      h("span", null, words(field.label))),
    field.links.length > 0 && h("p", { className: "np-hint np-check-links" }, field.links.map((link) =>
      h("a", { key: link.href, href: link.href, target: "_blank", rel: "noopener", className: "np-link" }, link.words))),
    h(Hint, { field, length: 0, id }),
    complaint(error, id));
}

function Choice({ field, error, id }) {
  return h("fieldset", { className: "np-choices", "aria-describedby": described(field, error, id) },
    h("legend", { className: "np-label mb-2" }, words(field.label)),
    field.options.map(([value, label, note]) =>
      h("label", { key: value, className: "np-choice" },
        h("input", { type: "radio", name: field.name, value, defaultChecked: value === field.value }),
        h("span", { className: "flex-1 min-w-0" },
          h("b", { className: "block" }, label), note && h("span", { className: "np-small np-muted" }, note)))),
    h(Hint, { field, length: 0, id }),
    complaint(error, id));
}

const KINDS = { checkbox: Check, choice: Choice };

function Field(props) {
  const { field } = props;
  if (field.type === "hidden") return h("input", { type: "hidden", name: field.name, value: props.given || field.value, readOnly: true });
  return h(KINDS[field.type] ?? Line, props);
}

/** What the address gives to fields that take a parameter of it. */
function givenByAddress(fields) {
  const query = new URLSearchParams(window.location.search);
  return Object.fromEntries(fields.filter((field) => field.query).map((field) => [field.name, query.get(field.query) ?? ""]));
}

/** Take out what nobody should find in the fields any more. */
function empty(fields, form, everything) {
  for (const field of fields) {
    if (field.type === "hidden" || !(everything || field.type === "password")) continue;
    const inputs = form.elements[field.name];
    if (field.type === "checkbox") inputs.checked = field.value === "true";
    else inputs.value = field.type === "password" ? "" : field.value;
  }
}

/** `done` tells what follows an answer of 2xx; `examples` fill the form in. */
export function NpFetchForm(props) {
  // Another form in the place of this one begins anew, with what the address gives to its own fields.
  return h(Form, { key: [props.action, ...props.fields.map((field) => field.name)].join(" "), ...props });
}

function Form({ action, httpMethod, fields, texts, done, look, examples = [], onDone }) {
  const form = useRef(null);
  const base = useId();
  const [ready, setReady] = useState(false);
  const [busy, setBusy] = useState(false);
  const [round, setRound] = useState(0);
  const [said, say] = useState("");
  const [given, take] = useState({});
  const [wrong, setWrong] = useState({ form: "", fields: {} });
  const status = useRef(null);
  const closed = Boolean(said && done.closes);
  useEffect(() => {
    const found = givenByAddress(fields);
    for (const field of fields)  // a choice takes only what is among its options
      if (field.type !== "hidden" && found[field.name]) form.current.elements[field.name].value = found[field.name];
    take(found);
    setReady(true);
  }, []);
  useEffect(() => {
    if (closed) status.current.focus();  // the button that had the focus is gone
  }, [closed]);

  const complain = (found) => {
    setWrong(found);
    setBusy(false);
    const first = fields.find((field) => found.fields[field.name]) ?? fields.find((field) => field.type !== "hidden");
    const input = first && form.current.elements[first.name];
    (input instanceof RadioNodeList ? input[0] : input)?.focus();
  };

  const finish = (body) => {
    if (done.goes) {
      window.location.assign(done.to || (nextPage() ?? done.homes[body?.user?.type] ?? "/"));
      return;
    }
    empty(fields, form.current, done.clears);
    setRound(round + 1);
    setBusy(false);
    say(done.says);
    onDone?.();
  };

  const onSubmit = async (event) => {
    event.preventDefault();
    if (busy || !ready) return;
    const values = valuesOf(fields, form.current);
    const missing = fields.filter((field) => field.required && field.type !== "hidden" && !values[field.name]);
    say("");
    if (missing.length) {
      complain({ form: "", fields: Object.fromEntries(missing.map((field) => [field.name, field.missing || texts.required])) });
      return;
    }
    setWrong({ form: "", fields: {} });
    setBusy(true);
    try {
      const answer = await send(action, httpMethod, values);
      if (answer.ok) finish(answer.body);
      else complain(refusal(answer, fields, texts));
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
    h("div", { hidden: closed, className: closed ? "" : "flex flex-col gap-5" },
      fields.map((field) =>
        h(Field, {
          // A secret begins anew, with the words below it, once it was sent; a value that comes late is taken.
          key: `${field.name} ${field.value} ${field.strength ? round : ""}`,
          field, id: `${base}${field.name}`, error: wrong.fields[field.name], given: given[field.name],
        })),
      h("button", {
        type: "submit", className: `np-btn np-btn-${look} np-btn-block`, disabled: !ready,
        "aria-disabled": busy || undefined, "aria-busy": busy,
      }, words(texts.submit))),
    // Always there, so that what it says is read out; without words it takes no room.
    !done.goes && h("div", { ref: status, role: "status", tabIndex: closed ? -1 : undefined, className: "np-said" },
      said && h("div", { className: "np-alert np-alert-success" }, icon("circle-check", 20), h("div", null, said))),
    examples.length > 0 && h("div", { className: "flex flex-col gap-2 pt-4 border-t border-(--line)" },
      h("p", { className: "np-small np-muted" }, texts.examples),
      h("div", { className: "np-chips" }, examples.map((example) =>
        h("button", { key: example.label, type: "button", className: "np-chip", onClick: () => fill(example.values) },
          example.label)))));
}
