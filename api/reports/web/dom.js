// Elements made of texts: nothing from the data is ever markup.
"use strict";

const place = (id) => document.getElementById(id);

// el("a", {href: "#x", class: "y", onclick: f}, "text", otherElement, null)
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function row(tag, cells) {
  return el("tr", {}, ...cells.map((cell) => el(tag, {}, cell ?? "")));
}

function numbersTable(caption, heads, lines) {
  const table = el("table", { class: "numbers" }, caption && el("caption", {}, caption));
  table.append(el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))));
  table.append(el("tbody", {}, ...lines.map((cells) => row("td", cells))));
  return el("div", { class: "wide", tabindex: 0, role: "region", "aria-label": caption || "Numbers" },
    table);
}

function select(label, value, options, change) {
  const chosen = el("select", { onchange: (event) => change(event.target.value) },
    ...options.map(([name, text]) => el("option", { value: name }, text)));
  chosen.value = value;
  return el("label", {}, `${label} `, chosen);
}

const words = (name) => String(name).replaceAll("_", " ");
const percent = (share) => `${(100 * share).toFixed(1)}%`;
const count = (number) => number.toLocaleString("en");
const seconds = (time) => (time === null || time === undefined ? "" :
  time < 0.1 ? `${(1000 * time).toFixed(1)} ms` : `${time.toFixed(2)} s`);

function inWords(estimate) {
  if (!estimate) return "";
  const interval = estimate.low === null ? "" :
    ` [${estimate.low.toFixed(3)}, ${estimate.high.toFixed(3)}]`;
  return estimate.value.toFixed(4) + interval;
}

const UNJUDGED = new Set(["invalid_ground_truth", "deadline_exceeded", "verifier_error"]);

function mood(outcome) {
  if (outcome === "correct") return "good";
  return UNJUDGED.has(outcome) ? "unknown" : "bad";
}

function chip(outcome) {
  return el("span", { class: `chip ${mood(outcome)}` }, outcome);
}

// The address of a view: "#/problems?kind=mixed" is ["problems", Map{kind: mixed}].
function address() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  return [path || "summary", new URLSearchParams(query ?? "")];
}

function link(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return `#/${path}${[...query].length ? `?${query}` : ""}`;
}

function showViews(names, current) {
  place("views").replaceChildren(...names.map(([path, text]) =>
    el("a", { href: link(path), "aria-current": path === current ? "page" : undefined }, text)));
}

// Shows what the address names, now and whenever it changes.
function routed(draw) {
  const shown = async () => {
    const main = place("main");
    try {
      main.replaceChildren(...[await draw(...address())].flat());
    } catch (error) {
      main.replaceChildren(el("p", { class: "bad" }, `This view cannot be shown: ${error.message}`));
    }
  };
  addEventListener("hashchange", async () => {
    await shown();
    if (!place("main").contains(document.activeElement)) place("main").focus({ preventScroll: true });
    scrollTo(0, 0);
  });
  return shown();
}

// Beside a problem, the arrow keys go to those before and after it; / goes to the search.
function keyPressed(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("pre, input, select")) return;
  const towards = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (towards) document.querySelector(`nav.near a[rel=${towards}]`)?.click();
  const search = event.key === "/" && document.querySelector("input[type=search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
}

// Starts the page, or says on it why not.
function begin(start) {
  addEventListener("keydown", keyPressed);
  start().catch((error) => {
    place("main").replaceChildren(el("p", { class: "bad" }, `This page cannot be shown: ${error.message}.`));
  });
}
