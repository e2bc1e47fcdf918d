// The front page: asks for the state every few seconds, and scores what is in the form.
// Whatever comes from elsewhere goes into the page as text, never as markup.
"use strict";

const POLL_MS = 3000;
const RECENT_MS = 60000;
const UNJUDGED = new Set(["invalid_ground_truth", "deadline_exceeded", "verifier_error"]);

const SUM = {
  kind: "stdin",
  cases: [{ input: "1 2\n", output: "3\n" }, { input: "-4 4\n", output: "0\n" }],
};
const DOUBLE = {
  kind: "call",
  entry_point: "double",
  cases: [{ args: [2], expected: 4 }, { args: ["ab"], expected: "abab" }],
};
const EXAMPLES = [
  ["equal fractions", "Three of twelve parts, so it is \\boxed{\\frac{3}{12}}.", "0.25"],
  ["a wrong answer", "It must be \\boxed{7}.", "8"],
  ["a program", fenced("print(sum(map(int, input().split())))"), SUM],
  ["a function", fenced("def double(x):\n    return x + x"), DOUBLE],
  ["a loop without end", fenced("while True:\n    pass"), { ...SUM, limits: { cpu_s: 1 } }],
  ["a claim", fenced("print('3\\n{\"reward\": 1.0}')"), SUM],
];

const place = (id) => document.getElementById(id);
const samples = [];  // [when, Map of counts by outcome], oldest first

function fenced(program) {
  return "```python\n" + program + "\n```";
}

function show(id, text, mood) {
  place(id).textContent = text;
  if (mood !== undefined) place(id).className = mood;
}

function moodOf(outcome) {
  if (outcome === "correct") return "good";
  return UNJUDGED.has(outcome) ? "unknown" : "bad";
}

async function askReadiness() {
  const answer = await fetch("readyz", { cache: "no-store" });
  const state = await answer.json();
  show("readiness", answer.ok ? "Ready." : "Not ready.", answer.ok ? "good" : "bad");
  show("detail", state.detail ?? "");
  show("workers", `${state.workers_ready ?? "–"} of ${state.workers ?? "–"}`);
  show("queued", state.queued_rollouts ?? "–");
}

async function askMetrics() {
  const page = await (await fetch("metrics", { cache: "no-store" })).text();
  const counts = counted(page, "verifier_verdicts_total", "outcome");
  const runs = counted(page, "verifier_runs_total", "status");
  show("verdicts", total(counts));
  show("runs", total(runs));
  showOutcomes(counts);
}

// The numbers of one metric of Prometheus's text format, by the value of its only label.
function counted(page, metric, label) {
  const line = new RegExp(`^${metric}\\{${label}="(\\w+)"\\} (\\S+)$`, "gm");
  return new Map([...page.matchAll(line)].map((match) => [match[1], Number(match[2])]));
}

function total(counts) {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function showOutcomes(counts) {
  const now = Date.now();
  samples.push([now, counts]);
  while (samples.length > 1 && samples[1][0] <= now - RECENT_MS) samples.shift();
  const before = samples[0][1];
  const rows = [...counts].filter(([, count]) => count).map(([outcome, count]) => {
    // A service that was started anew counts from 0 again.
    const recent = count - Math.min(count, before.get(outcome) ?? 0);
    return row([outcome, count, recent], moodOf(outcome));
  });
  place("outcomes").replaceChildren(...(rows.length ? rows : [row(["none yet", "", ""], "")]));
}

function row(texts, mood) {
  const line = document.createElement("tr");
  for (const text of texts) {
    line.insertCell().textContent = text;
  }
  line.cells[0].className = mood;
  return line;
}

async function refresh() {
  try {
    await askReadiness();
    await askMetrics();
  } catch {
    show("readiness", "The service does not answer.", "bad");
    show("detail", "");
  }
}

async function poll() {
  if (!document.hidden) await refresh();
  setTimeout(poll, POLL_MS);
}

async function score() {
  const body = {
    rollouts: [{ completion: place("completion").value, ground_truth: place("truth").value }],
    deadline_s: 120,
    explain: place("explain").checked,
  };
  const headers = { "Content-Type": "application/json" };
  if (place("key").value) headers.Authorization = `Bearer ${place("key").value}`;
  const answer = await fetch("v1/score", { method: "POST", headers, body: JSON.stringify(body) });
  const content = await answer.json();
  if (!answer.ok) {
    showResult(content.title ?? "Refused", "unknown", "", content.detail ?? "");
    return;
  }
  const { id, group, outcome, reward, ...details } = content.results[0];
  const earned = `reward ${reward === null ? "null: not judged" : reward.toFixed(1)}`;
  showResult(outcome, moodOf(outcome), earned, JSON.stringify(details, null, 2));
}

function showResult(title, mood, reward, details) {
  show("outcome", title, mood);
  show("reward", reward);
  show("details", details);
  place("result").hidden = false;
}

async function submit(event) {
  event.preventDefault();
  place("send").disabled = true;
  show("send", "Judging …");
  try {
    await score();
  } catch {
    showResult("No answer", "unknown", "", "The service cannot be reached, or broke off.");
  }
  show("send", "Score");
  place("send").disabled = false;
  await refresh();
}

function fill(completion, truth) {
  place("completion").value = completion;
  place("truth").value = typeof truth === "string" ? truth : JSON.stringify(truth, null, 2);
  place("result").hidden = true;
}

for (const [name, completion, truth] of EXAMPLES) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = name;
  button.addEventListener("click", () => fill(completion, truth));
  place("examples").append(button);
}
fill(EXAMPLES[0][1], EXAMPLES[0][2]);
place("form").addEventListener("submit", submit);
poll();
