// The plots, drawn by Chart.js in the colours of the page's style sheet, anew where those change.
"use strict";

const LINES = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7", "--c8"];
const OUTCOMES = {
  correct: "--good", wrong_answer: "--bad", no_answer: "--c8", compile_error: "--c5",
  runtime_error: "--c3", time_limit_exceeded: "--c6", memory_limit_exceeded: "--c7",
  output_limit_exceeded: "--c4", invalid_ground_truth: "--unknown", deadline_exceeded: "--c2",
  verifier_error: "--c1",
};
const dark = matchMedia("(prefers-color-scheme: dark)");
let drawn = [];  // [canvas, how to configure it, chart]

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const faint = (name) => `${colour(name)}33`;

// A figure with a plot; `configure` is asked again when the colours change.
function plot(title, description, configure, height = "") {
  const canvas = el("canvas", { role: "img", "aria-label": `${title}. ${description}` });
  const figure = el("figure", {}, el("figcaption", {}, title), el("div", { class: `plot ${height}` },
    canvas));
  drawn.push([canvas, configure, null]);
  return figure;
}

// Draws what `plot` made, once it is in the page.
function drawPlots() {
  drawn = drawn.filter(([canvas, , chart]) => canvas.isConnected || chart?.destroy());
  for (const one of drawn) {
    one[2]?.destroy();
    Chart.defaults.color = colour("--text");
    Chart.defaults.borderColor = colour("--line");
    Chart.defaults.font.family = "system-ui, sans-serif";
    Chart.defaults.animation = false;
    Chart.defaults.maintainAspectRatio = false;
    one[2] = new Chart(one[0], one[1]());
  }
}
dark.addEventListener("change", drawPlots);

const share = { min: 0, max: 1, ticks: { callback: (value) => `${Math.round(100 * value)}%` } };

// sections: [[name, section]]; `key` is pass_at_k, pass_hat_k or majority_at_k.
function curves(title, key, sections) {
  const described = sections.map(([name, section]) =>
    `${name}: ${section[key].map((one) => `${one.value.toFixed(3)} at ${one.k}`).join(", ")}`);
  return plot(title, described.join("; "), () => ({
    type: "line",
    data: { datasets: sections.flatMap(([name, section], at) => curve(name, section[key], at)) },
    options: {
      scales: { x: { type: "logarithmic", title: { display: true, text: "k" },
        ticks: { callback: (value) => (Number.isInteger(Math.log2(value)) ? value : null) },
        afterBuildTicks: (axis) => { axis.ticks = ticks(sections, key); } }, y: share },
      plugins: { legend: { labels: { filter: (item) => !item.text.startsWith("\0") } },
        tooltip: { filter: (item) => !item.dataset.label.startsWith("\0"),
          callbacks: { label: (item) => `${item.dataset.label}: ${inWords(item.raw.estimate)}` } } },
    },
  }));
}

function ticks(sections, key) {
  const ks = new Set(sections.flatMap(([, section]) => section[key].map(({ k }) => k)));
  return [...ks].sort((one, other) => one - other).map((value) => ({ value, label: String(value) }));
}

function curve(name, estimates, at) {
  const line = LINES[at % LINES.length];
  const points = (value) => estimates.map((one) => ({ x: one.k, y: value(one), estimate: one }));
  const edge = { borderWidth: 0, pointRadius: 0, pointHitRadius: 0 };
  return [
    { label: name, data: points((one) => one.value), borderColor: colour(line),
      backgroundColor: colour(line), pointRadius: 4, clip: 8 },
    { ...edge, label: `\0low ${name}`, data: points((one) => one.low) },
    { ...edge, label: `\0high ${name}`, data: points((one) => one.high), fill: "-1",
      backgroundColor: faint(line) },
  ];
}

const RATES = ["none", ...Array.from({ length: 10 }, (_, at) => `${10 * at}–${10 * at + 10}%`), "all"];
const bin = (rate) => (rate === 1 ? 11 : rate === 0 ? 0 : 1 + Math.floor(10 * rate));

// problems: [{rate, source}]; a bar of each tenth, and of those that are all wrong or all right.
function histogram(problems, sources) {
  const bins = sources.map((source) => {
    const counts = RATES.map(() => 0);
    for (const one of problems) {
      if (one.source === source && one.rate !== null) counts[bin(one.rate)] += 1;
    }
    return counts;
  });
  const totals = RATES.map((rate, at) =>
    `${rate}: ${bins.reduce((sum, counts) => sum + counts[at], 0)}`);
  return plot("Problems by how many of their rollouts are right", totals.join(", "), () => ({
    type: "bar",
    data: { labels: RATES, datasets: sources.map((source, at) => ({ label: source, data: bins[at],
      backgroundColor: colour(LINES[at % LINES.length]) })) },
    options: { scales: { x: { stacked: true }, y: { stacked: true, ticks: { precision: 0 },
      title: { display: true, text: "problems" } } },
    plugins: { legend: { display: sources.length > 1 } } },
  }));
}

// sections: [[name, section]]
function outcomeBars(sections) {
  const outcomes = [...new Set(sections.flatMap(([, section]) => Object.keys(section.outcomes)))];
  const of = (section, outcome) => (section.outcomes[outcome] ?? 0);
  const described = sections.map(([name, section]) =>
    `${name}: ${outcomes.map((outcome) => `${of(section, outcome)} ${outcome}`).join(", ")}`);
  return plot("Outcomes", described.join("; "), () => ({
    type: "bar",
    data: { labels: sections.map(([name]) => name), datasets: outcomes.map((outcome) => ({
      label: outcome, backgroundColor: colour(OUTCOMES[outcome] ?? "--c1"),
      data: sections.map(([, section]) => of(section, outcome) / section.rollouts),
      counts: sections.map(([, section]) => of(section, outcome)) })) },
    options: { indexAxis: "y", scales: { x: { ...share, stacked: true }, y: { stacked: true } },
      plugins: { tooltip: { callbacks: { label: (item) =>
        `${item.dataset.label}: ${item.dataset.counts[item.dataIndex]} (${percent(item.raw)})` } } } },
  }), sections.length > 3 ? "high" : "");
}

// problems: [{name, seconds, number}], the slowest of them.
function timeBars(title, problems) {
  const described = problems.map(({ name, time }) => `${name}: ${seconds(time)}`).join(", ");
  return plot(title, described, () => ({
    type: "bar",
    data: { labels: problems.map(({ name }) => (name.length > 24 ? `${name.slice(0, 23)}…` : name)),
      datasets: [{ label: "mean CPU time", data: problems.map(({ time }) => time),
        backgroundColor: colour("--c1") }] },
    options: { indexAxis: "y", plugins: { legend: { display: false },
      tooltip: { callbacks: { label: (item) => seconds(item.raw) } } },
    scales: { x: { title: { display: true, text: "seconds" } } },
    onClick: (_, [bar]) => { if (bar) location.hash = link(`problem/${problems[bar.index].number}`); } },
  }), "high");
}
