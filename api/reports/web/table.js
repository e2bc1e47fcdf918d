// A table of any length: only the rows in sight are in the page. Sorted by its heads.
"use strict";

const ROW_PX = 34;
const BEYOND = 12;  // rows above and below what is in sight

// columns: [{name, text(item), key(item), cell?(item)}]; a row leads to href(item).
// `order` is the name of a column, "-" before it for downwards.
function longTable({ label, columns, items, href, order, ordered }) {
  const body = el("tbody");
  const above = el("tr", { class: "gap", "aria-hidden": "true" }, el("td", { colspan: columns.length }));
  const below = above.cloneNode(true);
  const heads = columns.map((column) => {
    const by = order.replace(/^-/, "") === column.name;
    const turn = by && !order.startsWith("-") ? `-${column.name}` : column.name;
    return el("th", { scope: "col", "aria-sort": !by ? undefined :
      order.startsWith("-") ? "descending" : "ascending" },
    el("button", { type: "button", onclick: () => ordered(turn) }, column.name));
  });
  const table = el("table", { "aria-label": label, "aria-rowcount": items.length + 1 },
    el("thead", {}, el("tr", {}, ...heads)), body);
  const frame = el("div", { class: "long", tabindex: 0, role: "region", "aria-label": label }, table);
  const sorted = inOrder(items, columns, order);

  function fill() {
    const first = Math.max(0, Math.floor(frame.scrollTop / ROW_PX) - BEYOND);
    const seen = Math.ceil((frame.clientHeight || 700) / ROW_PX);
    const last = Math.min(sorted.length, first + seen + 2 * BEYOND);
    const focused = document.activeElement?.closest?.("tr")?.dataset.place;
    above.firstChild.style.height = `${first * ROW_PX}px`;
    below.firstChild.style.height = `${(sorted.length - last) * ROW_PX}px`;
    body.replaceChildren(above, ...sorted.slice(first, last).map((item, at) => line(item, first + at)),
      below);
    if (focused !== undefined) body.querySelector(`[data-place="${focused}"] a`)?.focus();
  }

  function line(item, at) {
    const cells = columns.map((column, position) => {
      const shown = column.cell ? column.cell(item) : column.text(item);
      return el("td", {}, position ? shown : el("a", { href: href(item) }, shown));
    });
    return el("tr", { "data-place": at, "aria-rowindex": at + 2 }, ...cells);
  }

  function step(event) {
    const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = document.activeElement.closest("tr")?.dataset.place;
    const next = here === undefined ? 0 : Number(here) + by;
    if (next < 0 || next >= sorted.length) return;
    event.preventDefault();
    const top = next * ROW_PX;
    const room = frame.clientHeight - 2 * ROW_PX;
    if (top < frame.scrollTop) frame.scrollTop = top;
    else if (top > frame.scrollTop + room) frame.scrollTop = top - room;
    fill();
    body.querySelector(`[data-place="${next}"] a`)?.focus();
  }

  frame.addEventListener("scroll", () => requestAnimationFrame(fill));
  frame.addEventListener("keydown", step);
  // A row is as good to click as its link.
  body.addEventListener("click", (event) => {
    if (!event.target.closest("a") && !String(getSelection())) {
      event.target.closest("tr")?.querySelector("a")?.click();
    }
  });
  new ResizeObserver(fill).observe(frame);
  fill();
  return frame;
}

function inOrder(items, columns, order) {
  const column = columns.find(({ name }) => name === order.replace(/^-/, "")) ?? columns[0];
  const turn = order.startsWith("-") ? -1 : 1;
  const keyed = items.map((item) => [column.key(item), item]);
  keyed.sort(([one], [other]) => {
    // What has no value comes last, whichever way.
    if (one === null || other === null) return (one === null) - (other === null);
    return turn * (typeof one === "string" ? collator.compare(one, other) : one - other);
  });
  return keyed.map(([, item]) => item);
}

const collator = new Intl.Collator("en", { numeric: true });
