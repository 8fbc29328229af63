// Schools seen last, kept by this device alone. Whatever stands in the storage may have been written by anybody.
import { createElement as h, useEffect, useState } from "react";
import { Link } from "react-router";

const KEY = "np_seen";
const MOST = 8;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function read() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    if (!Array.isArray(found)) return [];
    return found.filter((school) => ID.test(school?.id) && [school.name, school.line, school.image].every((text) => typeof text === "string"));
  } catch {
    return []; // no storage, or not ours
  }
}

function write(schools) {
  try {
    localStorage.setItem(KEY, JSON.stringify(schools.slice(0, MOST)));
  } catch {
    // Private windows may refuse: then nothing is remembered.
  }
}

export function NpSeeNow({ school, name, line, image }) {
  useEffect(() => {
    if (!ID.test(school) || !name) return;
    write([{ id: school, name, line, image }, ...read().filter((seen) => seen.id !== school)]);
  }, [school, name, line, image]);
  return null;
}

export function NpSeen({ words }) {
  const [schools, show] = useState(read);
  if (!schools.length) return null;
  const clear = () => {
    write([]);
    show([]);
  };
  const card = (school) => h("li", { key: school.id, className: "np-seen" },
    // Only pictures of our own: an address from the storage could be anybody's.
    school.image.startsWith("/media/") && h("img", { src: school.image, alt: "", width: 96, height: 64, loading: "lazy" }),
    h("div", { className: "min-w-0" },
      h(Link, { to: `/schools/${school.id}`, className: "np-link" }, school.name),
      h("p", { className: "np-muted np-small" }, school.line)));
  return h("section", { className: "pt-10", "aria-label": words.title },
    h("div", { className: "flex flex-wrap items-center justify-between gap-3 mb-3" },
      h("h2", null, words.title),
      h("button", { type: "button", className: "np-btn np-btn-quiet", onClick: clear }, words.clear)),
    h("ul", { className: "np-seens" }, schools.map(card)));
}
