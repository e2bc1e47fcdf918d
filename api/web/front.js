// The front page: asks for the state every few seconds while it is in sight, and scores what is in
// the form. What others sent it never asks for: batches are those of the key that is typed in.
// Whatever comes from elsewhere goes into the page as text, never as markup.
"use strict";

const POLL_MS = 3000;
const RECENT_MS = 60000;
const RATE_MS = 9000;
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
const samples = [];  // {at, counts by outcome, took: batches by bound}, oldest first

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
  const kinds = Object.entries(state.kinds ?? {});
  const lines = kinds.length ? kinds.map(([kind, of]) => [kind, of.workers, of.queued_rollouts]) :
    [["math and code", state.workers_ready ?? "–", state.queued_rollouts ?? "–"]];
  place("queues").replaceChildren(...lines.map((cells) => row(cells)));
}

async function askMetrics() {
  const page = await (await fetch("metrics", { cache: "no-store" })).text();
  const counts = counted(page, "verifier_verdicts_total", "outcome");
  show("verdicts", total(counts).toLocaleString("en"));
  show("runs", total(counted(page, "verifier_runs_total", "status")).toLocaleString("en"));
  const now = { at: Date.now(), counts, took: counted(page, "verifier_batch_seconds_bucket", "le") };
  // A service that was started anew counts from 0 again.
  if (samples.length && total(samples.at(-1).counts) > total(counts)) samples.length = 0;
  samples.push(now);
  while (samples.length > 1 && samples[1].at <= now.at - RECENT_MS) samples.shift();
  showOutcomes(counts, samples[0].counts);
  showRate(now);
  showKeys(counted(page, "verifier_key_rollouts_total", "key"),
    counted(page, "verifier_key_queued_rollouts", "key"));
}

// The numbers of one metric of Prometheus's text format, by the value of its only label.
function counted(page, metric, label) {
  const line = new RegExp(`^${metric}\\{${label}="([^"\\\\]*)"\\} (\\S+)$`, "gm");
  return new Map([...page.matchAll(line)].map((match) => [match[1], Number(match[2])]));
}

function total(counts) {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function showOutcomes(counts, before) {
  const rows = [...counts].filter(([, count]) => count).map(([outcome, count]) =>
    row([outcome, count, count - (before.get(outcome) ?? 0)], moodOf(outcome)));
  place("outcomes").replaceChildren(...(rows.length ? rows : [row(["none yet", "", ""])]));
}

// Of the last ten seconds or so, and of the batches of the last minute.
function showRate(now) {
  const before = samples.findLast(({ at }) => at <= now.at - RATE_MS) ?? samples[0];
  const seconds = (now.at - before.at) / 1000;
  const rate = seconds ? (total(now.counts) - total(before.counts)) / seconds : 0;
  show("rate", rate.toLocaleString("en", { maximumFractionDigits: 1 }));
  const bounds = [...now.took].map(([le, count]) =>
    [le === "+Inf" ? Infinity : Number(le), count - (samples[0].took.get(le) ?? 0)]);
  const half = quantile(bounds, 0.5);
  show("latency", half === null ? "–" : `${half} (90%: ${quantile(bounds, 0.9)})`);
}

// At most how long that share of the batches took, as far as the bounds of Prometheus tell.
function quantile(bounds, share) {
  const all = bounds.at(-1)?.[1] ?? 0;
  if (!all) return null;
  const [bound] = bounds.find(([, count]) => count >= share * all);
  if (bound === Infinity) return `> ${bounds.at(-2)[0]} s`;
  return bound < 1 ? `≤ ${1000 * bound} ms` : `≤ ${bound} s`;
}

function showKeys(taken, queued) {
  place("owners").hidden = !taken.size;
  place("keys").replaceChildren(...[...taken].map(([key, count]) =>
    row([key, count, queued.get(key) ?? 0])));
}

async function askOverview() {
  const needsKey = !place("key").closest("label").hidden;
  if (needsKey && !place("key").value) {
    show("whose", "Type a key in above to see the batches that were sent with it.");
    return;
  }
  const answer = await fetch("v1/overview", { cache: "no-store", headers: keyHeader() });
  if (!answer.ok) {
    show("whose", "This key opens nothing here.");
    place("batches").replaceChildren(row(["none", "", "", "", "", ""]));
    return;
  }
  const { workers, batches } = await answer.json();
  show("whose", needsKey ? "Those that were sent with this key." : "");
  place("at").replaceChildren(...workers.map(workerRow));
  const rows = batches.map(batchRow);
  place("batches").replaceChildren(...(rows.length ? rows : [row(["none yet", "", "", "", "", ""])]));
}

function workerRow({ name, lanes, is_busy: busy, for_s: forS, rollouts }) {
  const doing = !busy ? "idle" : rollouts === null ? "busy" : `at ${rollouts} rollouts`;
  return row([name, lanes.join(", ") || "all", doing, duration(forS)], busy ? "good" : "");
}

function batchRow(batch) {
  const several = `${batch.batches} small ones without an id`;
  const listed = (counts) => Object.entries(counts).map(([name, count]) => `${count} ${name}`).join(", ");
  const under = batch.took_s === null && batch.batches === 1;
  const refused = batch.refusal === null ? [] : [`refused: ${batch.refusal}`];
  const line = row([
    batch.batch_id ?? (batch.batches === 1 ? "without an id" : several),
    new Date(1000 * batch.began).toLocaleTimeString([], { hour12: false }),
    under ? "under way" : batch.took_s === null ? "" : duration(batch.took_s),
    batch.rollouts, listed(batch.outcomes), [listed(batch.nulls), ...refused].filter(Boolean).join("; "),
  ]);
  if (under) line.cells[2].className = "unknown";
  return line;
}

function duration(seconds) {
  if (seconds < 1) return `${Math.round(1000 * seconds)} ms`;
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} min`;
}

function keyHeader() {
  return place("key").value ? { Authorization: `Bearer ${place("key").value}` } : {};
}

function row(texts, mood = "") {
  const line = document.createElement("tr");
  for (const text of texts) {
    line.insertCell().textContent = text;
  }
  line.cells[0].className = mood;
  return line;
}

async function refresh() {
  try {
    await Promise.all([askReadiness(), askMetrics(), askOverview()]);
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
  const headers = { "Content-Type": "application/json", ...keyHeader() };
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
  place("no-result").hidden = true;
  place("result").scrollIntoView({ block: "nearest" });
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
  place("no-result").hidden = false;
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
