// The report: its numbers and plots, its problems, and the rollouts of each.
"use strict";

const VIEWS = [["summary", "Summary"], ["problems", "Problems"]];
const KINDS = [["", "any"], ["mixed", "mixed"], ["all_right", "all right"], ["all_wrong", "all wrong"],
  ["unjudged", "unjudged"]];
const SLOWEST = 20;
const OPENED_UP_TO = 1;  // rollouts of a problem that are opened at once
const MOST_CURVES = 8;

let index, problems;

// From the columns of rollouts: what a table of problems shows.
function problemsOf({ problems: names, rollouts: columns }) {
  const found = names.map(([source, name], number) =>
    ({ number, source, name, rollouts: [], judged: 0, solved: 0, times: [], chars: [] }));
  columns.problem.forEach((number, rollout) => {
    const one = found[number];
    one.rollouts.push(rollout);
    const reward = columns.reward[rollout];
    one.judged += reward !== null;
    one.solved += reward === 1;
    if (columns.cpu_s[rollout] !== null) one.times.push(columns.cpu_s[rollout]);
    if (columns.chars[rollout] !== null) one.chars.push(columns.chars[rollout]);
  });
  for (const one of found) {
    one.rate = one.judged ? one.solved / one.judged : null;
    one.kind = !one.judged ? "unjudged" : one.solved === one.judged ? "all_right" :
      one.solved ? "mixed" : "all_wrong";
    one.time = mean(one.times);
    one.length = mean(one.chars);
    one.outcomes = new Set(one.rollouts.map((rollout) => columns.outcome[rollout]));
  }
  return found;
}

const mean = (values) =>
  (values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null);

function summary() {
  const sources = Object.entries(index.by.source);
  const many = sources.length > 1;
  const shown = many ? sources : [[sources[0]?.[0] ?? "all", index.all]];
  const parts = [headline()];
  for (const [field, sections] of Object.entries(index.by)) {
    const named = Object.entries(sections);
    parts.push(estimatesTable(field, named.length > 1 ? [...named, ["all", index.all]] : named));
  }
  parts.push(plots(shown, sources), notes());
  return el("div", { class: "summary" }, ...parts);
}

function headline() {
  const { all } = index;
  const k = all.rollouts_per_problem;
  const facts = [
    [k.min === k.max ? `avg@${k.max}` : `avg@${k.min}–${k.max}`, inWords(all.avg_at_k) || "none judged"],
    ["problems", count(all.problems)],
    ["rollouts", count(all.rollouts)],
    ["unjudged", count(all.unjudged)],
    ["all right / mixed / all wrong", `${all.all_right} / ${all.mixed} / ${all.all_wrong}`],
  ];
  if (all.truncated !== null) facts.push(["truncated", `${count(all.truncated)}`]);
  return el("dl", { class: "facts" }, ...facts.map(([name, value]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

function estimatesTable(field, sections) {
  const ks = [...new Set(sections.flatMap(([, section]) => section.pass_at_k.map(({ k }) => k)))];
  const k = Math.max(0, ...ks);
  const at = (section, key) => over(section, section[key].find((one) => one.k === k));
  const lines = sections.map(([name, section]) => [
    field === "source" && section !== index.all ? el("a", { href: link("problems", { source: name }) }, name) : name,
    count(section.problems), count(section.rollouts), count(section.unjudged),
    over(section, section.avg_at_k), ...["pass_at_k", "pass_hat_k", "majority_at_k"]
      .map((key) => at(section, key)),
  ]);
  const heads = [field, "problems", "rollouts", "unjudged", "avg@k", `pass@${k}`,
    `pass^${k}`, `majority@${k}`];
  return numbersTable(`By ${field}`, heads, lines);
}

// The estimate, and how many problems it is over where that is not all of them.
function over(section, estimate) {
  const some = estimate && estimate.problems !== section.problems;
  return inWords(estimate) + (some ? ` over ${estimate.problems}` : "");
}

function plots(shown, sources) {
  const lines = shown.slice(0, MOST_CURVES);
  const slowest = problems.filter((one) => one.time !== null)
    .sort((one, other) => other.time - one.time).slice(0, SLOWEST);
  const drawn = [curves("pass@k, with 95% bands", "pass_at_k", lines)];
  if (lines.some(([, section]) => section.pass_hat_k.length > 1)) {
    drawn.push(curves("pass^k, with 95% bands", "pass_hat_k", lines));
  }
  if (lines.some(([, section]) => section.majority_at_k.length > 1)) {
    drawn.push(curves("majority@k, with 95% bands", "majority_at_k", lines));
  }
  drawn.push(histogram(problems, sources.map(([name]) => name)), outcomeBars(shown));
  if (slowest.length) drawn.push(timeBars("Slowest problems, by their programs' mean CPU time", slowest));
  return el("div", { class: "plots" }, ...drawn);
}

function notes() {
  const { level, resamples } = index.interval;
  return el("p", { class: "notes" }, `In brackets: ${100 * level}% intervals, from ${count(resamples)} `
    + "resamples of the problems. Rollouts without a verdict count in no estimate; a problem counts "
    + "for k where at least k of its rollouts were judged.");
}

function problemTable(query) {
  const columns = [
    { name: "problem", text: (one) => one.name, key: (one) => one.name },
    { name: "source", text: (one) => one.source, key: (one) => one.source },
    { name: "right", text: (one) => (one.rate === null ? "–" : percent(one.rate)),
      key: (one) => one.rate, cell: rateCell },
    { name: "of", text: (one) => `${one.solved}/${one.judged}`, key: (one) => one.judged },
    { name: "unjudged", text: (one) => String(one.rollouts.length - one.judged),
      key: (one) => one.rollouts.length - one.judged },
    { name: "mean length", text: (one) => (one.length === null ? "" : count(Math.round(one.length))),
      key: (one) => one.length },
    { name: "CPU time", text: (one) => seconds(one.time), key: (one) => one.time },
  ];
  const settings = Object.fromEntries(query);
  const change = (name, value) => {
    settings[name] = value;
    history.replaceState(null, "", link("problems", settings));
    list();
  };
  const told = el("p", { role: "status" });
  const table = el("div");
  function list() {
    const found = problems.filter((one) => fits(one, settings));
    told.textContent = `${count(found.length)} of ${count(problems.length)} problems`;
    table.replaceChildren(longTable({ label: "Problems", columns, items: found,
      href: (one) => link(`problem/${one.number}`), order: settings.sort ?? "right",
      ordered: (order) => change("sort", order) }));
  }
  const search = el("input", { type: "search", value: settings.q ?? "", "aria-label": "Search",
    placeholder: "name, id or answer", oninput: (event) => change("q", event.target.value) });
  const outcomes = Object.keys(index.all.outcomes);
  list();
  return [el("form", { class: "filters", onsubmit: (event) => event.preventDefault() },
    search,
    select("source", settings.source ?? "", [["", "any"], ...Object.keys(index.by.source)
      .map((name) => [name, name])], (value) => change("source", value)),
    select("kind", settings.kind ?? "", KINDS, (value) => change("kind", value)),
    select("outcome", settings.outcome ?? "", [["", "any"], ...outcomes.map((name) => [name, name])],
      (value) => change("outcome", value))), told, table];
}

function rateCell(one) {
  if (one.rate === null) return "–";
  return el("span", {}, el("meter", { value: one.rate, "aria-hidden": "true" }), ` ${percent(one.rate)}`);
}

function fits(one, { q = "", source = "", kind = "", outcome = "" }) {
  if (source && one.source !== source) return false;
  if (kind && one.kind !== kind) return false;
  if (outcome && !one.outcomes.has(outcome)) return false;
  if (!q) return true;
  const sought = q.toLowerCase();
  const { id, answer } = index.rollouts;
  return one.name.toLowerCase().includes(sought) || one.rollouts.some((rollout) =>
    id[rollout]?.toLowerCase().includes(sought) || answer[rollout]?.toLowerCase().includes(sought));
}

function problemView(number) {
  const one = problems[number];
  if (!one) return el("p", {}, "There is no such problem.");
  const near = [[number - 1, "← previous"], [number + 1, "next →"]].filter(([at]) => problems[at]);
  const told = one.rate === null ? "no rollout was judged" :
    `${one.solved} of ${one.judged} judged rollouts are right`;
  return [
    el("nav", { class: "near", "aria-label": "Problems beside" }, el("a", { href: link("problems") },
      "all problems"), ...near.map(([at, text]) => el("a", { href: link(`problem/${at}`),
      rel: at < number ? "prev" : "next" }, text))),
    el("h2", {}, one.name),
    el("p", {}, `${one.source} · ${told}`),
    ...one.rollouts.map((rollout, at) =>
      foldedRollout(index.rollouts, rollout, at < OPENED_UP_TO)),
  ];
}

async function start() {
  index = await unpacked("index");
  problems = problemsOf(index);
  await routed((path, query) => {
    const [view, number] = path.split("/");
    showViews(VIEWS, view);
    requestAnimationFrame(drawPlots);
    if (view === "problems") return problemTable(query);
    if (view === "problem") return problemView(Number(number));
    return summary();
  });
}

begin(start);
