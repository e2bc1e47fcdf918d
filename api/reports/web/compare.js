// A comparison: the difference with its interval, the problems that moved, and what flipped.
"use strict";

const VIEWS = [["summary", "Summary"], ["flips", "Flips"], ["problems", "Problems"]];
const KINDS = [["", "any"], ["gained", "gained"], ["lost", "lost"], ["newly_judged", "newly judged"],
  ["no_longer_judged", "no longer judged"]];

let index, flips, problems;

function summary() {
  const sources = Object.entries(index.by.source);
  const parts = [...(sources.length > 1 ? sources : []), ["all", index.all]];
  return el("div", { class: "summary" },
    el("p", {}, `A is ${index.names[0]}, B is ${index.names[1]}.`),
    facts(),
    numbersTable("", ["", "problems", "A", "B", "B − A", "p", "better", "worse", "same"],
      parts.map(([name, part]) => [name, count(part.difference?.problems ?? 0), inWords(part.a),
        inWords(part.b), inWords(part.difference),
        chance(part.p_value), count(part.better), count(part.worse),
        count(part.same)])),
    el("div", { class: "plots" }, forest(parts), moved()),
    el("p", { class: "notes" }, `In brackets: ${100 * index.interval.level}% intervals, from `
      + `${count(index.interval.resamples)} resamples of the problems. p is that of the paired `
      + "randomization test. Rollouts without a verdict count in no mean."));
}

function chance(p) {
  if (p === null) return "";
  return p < 0.0001 ? "< 0.0001" : p.toFixed(4);
}

function facts() {
  const { gained, lost, newly_judged: newly, no_longer_judged: no } = index.flips;
  const told = [["problems in both", count(index.problems.length)],
    ["only in A / only in B", `${count(index.only_a)} / ${count(index.only_b)}`],
    ["rollouts in both", count(index.paired_rollouts)], ["gained / lost", `${count(gained)} / ${count(lost)}`],
    ["newly / no longer judged", `${count(newly)} / ${count(no)}`]];
  return el("dl", { class: "facts" }, ...told.map(([name, value]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

// The difference of each part, with its interval as a bar.
function forest(parts) {
  const known = parts.filter(([, part]) => part.difference);
  const described = known.map(([name, { difference }]) => `${name}: ${inWords(difference)}`).join("; ");
  return plot("B − A, with 95% intervals", described, () => ({
    type: "bar",
    data: { labels: known.map(([name]) => name), datasets: [
      { type: "scatter", label: "difference", backgroundColor: colour("--text"), pointRadius: 5,
        data: known.map(([name, { difference }]) => ({ x: difference.value, y: name })) },
      { label: "95% interval", backgroundColor: `${colour("--c1")}88`, barThickness: 14,
        data: known.map(([, { difference: { low, high, value } }]) => [low ?? value, high ?? value]) },
    ] },
    options: { indexAxis: "y", scales: { x: { title: { display: true, text: "B − A" } },
      y: { type: "category" } } },
  }));
}

function moved() {
  const steps = Array.from({ length: 21 }, (_, at) => (at - 10) / 10);
  const counts = steps.map(() => 0);
  for (const { difference } of problems) {
    if (difference !== null && difference !== 0) counts[Math.round(10 * difference) + 10] += 1;
  }
  const described = steps.map((step, at) => [step, counts[at]]).filter(([, found]) => found)
    .map(([step, found]) => `${step}: ${found}`).join(", ");
  return plot("Problems that moved, by how far", described || "none moved", () => ({
    type: "bar",
    data: { labels: steps.map((step) => step.toFixed(1)), datasets: [{ label: "problems", data: counts,
      backgroundColor: steps.map((step) => colour(step < 0 ? "--bad" : "--good")) }] },
    options: { plugins: { legend: { display: false } }, scales: { y: { ticks: { precision: 0 } },
      x: { title: { display: true, text: "B − A of a problem" } } } },
  }));
}

function listed({ label, columns, items, kinds, path, query, fits, first }) {
  const settings = Object.fromEntries(query);
  const change = (name, value) => {
    settings[name] = value;
    history.replaceState(null, "", link(path, settings));
    list();
  };
  const told = el("p", { role: "status" });
  const table = el("div");
  function list() {
    const found = items.filter((one) => fits(one, (settings.q ?? "").toLowerCase())
      && (!settings.kind || one.kind === settings.kind));
    told.textContent = `${count(found.length)} of ${count(items.length)} ${label.toLowerCase()}`;
    table.replaceChildren(longTable({ label, columns, items: found, href: ({ href }) => href,
      order: settings.sort ?? first, ordered: (order) => change("sort", order) }));
  }
  const search = el("input", { type: "search", value: settings.q ?? "", "aria-label": "Search",
    placeholder: "problem or id", oninput: (event) => change("q", event.target.value) });
  list();
  return [el("form", { class: "filters", onsubmit: (event) => event.preventDefault() }, search,
    kinds && select("kind", settings.kind ?? "", kinds, (value) => change("kind", value))), told, table];
}

const column = (name, field, cell) => ({ name, cell, text: (one) => String(one[field] ?? ""),
  key: (one) => one[field] ?? null });

function flipTable(query) {
  const columns = [column("rollout", "name"), column("problem", "problem"), column("source", "source"),
    column("flip", "kind", (one) => words(one.kind)),
    column("A", "before", (one) => chip(one.before)), column("B", "after", (one) => chip(one.after))];
  const fits = (one, sought) => `${one.name}\n${one.problem}`.toLowerCase().includes(sought);
  return listed({ label: "Flips", columns, items: flips, kinds: KINDS, path: "flips", query, fits,
    first: "flip" });
}

function problemTable(query) {
  const rate = (value) => (value === null ? "–" : percent(value));
  const columns = [column("problem", "problem"), column("source", "source"),
    column("A", "a", (one) => rate(one.a)), column("B", "b", (one) => rate(one.b)),
    column("B − A", "difference", (one) =>
      (one.difference === null ? "–" : `${(100 * one.difference).toFixed(1)}`))];
  const fits = (one, sought) => one.problem.toLowerCase().includes(sought);
  return listed({ label: "Problems", columns, items: problems, path: "problems", query, fits,
    first: "B − A" });
}

function flipView(number) {
  const flip = flips[number];
  if (!flip) return el("p", {}, "There is no such rollout.");
  const near = [[number - 1, "← previous", "prev"], [number + 1, "next →", "next"]]
    .filter(([at]) => flips[at]);
  return [
    el("nav", { class: "near", "aria-label": "Flips beside" }, el("a", { href: link("flips") },
      "all flips"), ...near.map(([at, text, rel]) => el("a", { href: link(`flip/${at}`), rel }, text))),
    el("h2", {}, flip.name),
    el("p", {}, `${flip.source} · `, el("a", { href: link(`problem/${flip.at}`) }, flip.problem),
      ` · ${words(flip.kind)}`),
    el("div", { class: "sides" }, ...index.sides.map((columns, side) => el("section", {},
      el("h3", {}, `${"AB"[side]}: ${index.names[side]}`), foldedRollout(columns, flip.rows[side], true)))),
  ];
}

function problemView(number) {
  const one = problems[number];
  if (!one) return el("p", {}, "There is no such problem.");
  const of = (columns) => columns.problem.flatMap((at, rollout) => (at === number ? [rollout] : []));
  return [el("h2", {}, one.problem), el("p", {}, one.source),
    el("div", { class: "sides" }, ...index.sides.map((columns, side) => el("section", {},
      el("h3", {}, `${"AB"[side]}: ${index.names[side]}`),
      ...of(columns).map((rollout) => foldedRollout(columns, rollout, false)))))];
}

async function start() {
  index = await unpacked("index");
  const known = new Map(index.problems.map((one, at) => [JSON.stringify([one.source, one.problem]), at]));
  flips = index.flips.rollouts.map((flip, number) => ({ ...flip,
    name: flip.id ?? `row ${flip.b.row}`, before: flip.a.outcome, after: flip.b.outcome,
    rows: [flip.a.row - 1, flip.b.row - 1], href: link(`flip/${number}`),
    at: known.get(JSON.stringify([flip.source, flip.problem])) }));
  problems = index.problems.map((one, number) => ({ ...one, href: link(`problem/${number}`) }));
  await routed((path, query) => {
    const [view, number] = path.split("/");
    showViews(VIEWS, view);
    requestAnimationFrame(drawPlots);
    if (view === "flips") return flipTable(query);
    if (view === "flip") return flipView(Number(number));
    if (view === "problems") return problemTable(query);
    if (view === "problem") return problemView(Number(number));
    return summary();
  });
}

begin(start);
