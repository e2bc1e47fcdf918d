// One rollout as one looks at it: why it came to its outcome, and everything it was judged by.
"use strict";

const WHY_OF_PROGRAMS = { correct: "Every test passed.", wrong_answer: "An output differs." };
const WHY = {
  correct: "Its answer is equivalent to the reference.",
  wrong_answer: "Its answer is not equivalent to the reference.",
  no_answer: "It states no final answer, or holds no program.",
  compile_error: "The program does not compile.",
  runtime_error: "An exception, an exit status other than 0, or killed by its own signal.",
  time_limit_exceeded: "More CPU time than its limit, or asleep past the wall limit.",
  memory_limit_exceeded: "More memory than its limit.",
  output_limit_exceeded: "More output than its limit.",
  invalid_ground_truth: "Not judged: its reference answer or test suite cannot be used.",
  deadline_exceeded: "Not judged: the batch's deadline came first.",
  verifier_error: "Not judged, which is no fault of the rollout's.",
};

function rolloutLine(columns, rollout) {
  const parts = [columns.id[rollout] ?? `row ${columns.row[rollout]}`];
  if (columns.answer[rollout] !== null) parts.push(`answer ${columns.answer[rollout]}`);
  if (columns.cpu_s[rollout] !== null) parts.push(seconds(columns.cpu_s[rollout]));
  if (columns.chars[rollout] !== null) parts.push(`${count(columns.chars[rollout])} characters`);
  if (columns.tokens[rollout] !== null) parts.push(`${count(columns.tokens[rollout])} tokens`);
  if (columns.truncated[rollout]) parts.push("truncated");
  return [chip(columns.outcome[rollout]), ` ${parts.join(" · ")}`];
}

// A rollout folded up; what is in it is unpacked when it is opened.
function foldedRollout(columns, rollout, opened) {
  const inside = el("div", { class: "inside" });
  const folded = el("details", { class: "rollout", id: `rollout-${rollout}` },
    el("summary", {}, ...rolloutLine(columns, rollout)), inside);
  folded.addEventListener("toggle", async () => {
    if (folded.open && !inside.hasChildNodes()) {
      inside.append(...await rolloutParts(columns, rollout));
    }
  });
  folded.open = opened;
  return folded;
}

async function rolloutParts(columns, rollout) {
  const texts = await textsOf(columns, rollout);
  const outcome = columns.outcome[rollout];
  if (texts === null) {
    return [el("p", { class: "unknown" }, `Its texts are left out, as the page would be too large: see row ${columns.row[rollout]}.`)];
  }
  const details = texts.details ?? {};
  return [
    ...why(outcome, details),
    ...compared(texts, details),
    ...failure(details.first_failure),
    texts.program === null ? null : section("Program", pre(texts.program)),
    ...completionParts(texts),
    texts.prompt === null ? null : folded("Prompt", pre(texts.prompt)),
    folded("All details", pre(JSON.stringify(details, null, 2))),
  ].filter((part) => part !== null);
}

function why(outcome, details) {
  const isProgram = details.answer === undefined && details.how === undefined;
  const reason = (isProgram && WHY_OF_PROGRAMS[outcome]) || WHY[outcome];
  const parts = [el("p", { class: "why" }, reason ?? "")];
  if (details.message) parts.push(el("p", {}, String(details.message)));
  if (details.how) parts.push(el("p", {}, `Compared as: ${details.how}`));
  if (typeof details.total === "number") {
    parts.push(el("p", {}, `${details.passed} of ${details.total} tests passed, as far as they were run.`));
  }
  return parts;
}

function compared(texts, details) {
  const isAnswer = details.answer !== undefined;
  if (texts.reference === null && !isAnswer) return [];
  if (!isAnswer) return [folded("Ground truth", pre(texts.reference))];
  return [el("div", { class: "sides" }, section("Extracted answer", pre(details.answer)),
    section("Reference", pre(texts.reference ?? "")))];
}

function failure(failed) {
  if (!failed) return [];
  const { case: number, outcome, got, message, input, expected } = failed;
  const parts = [el("h4", {}, `First failing test: number ${Number(number) + 1}`,
    outcome ? ` (${outcome})` : "")];
  if (message) parts.push(pre(message));
  if (input !== undefined) parts.push(section("Input", pre(input)));
  // What an assertion says is no output that could be held beside another.
  const isOutput = expected !== undefined && !/^\s*(assert|self\.)/.test(expected);
  if (isOutput && got !== undefined) {
    parts.push(el("div", { class: "sides" }, section("Expected", ...differing(expected, got)),
      section("Got", ...differing(got, expected))));
  } else {
    if (expected !== undefined) parts.push(section("Expected", pre(expected)));
    if (got !== undefined) parts.push(section("Got", pre(got)));
  }
  return [el("section", { class: "failure" }, ...parts)];
}

// The text, its lines marked where the other has not the same line there.
function differing(text, other) {
  const others = String(other).split("\n");
  const lines = String(text).split("\n").map((line, at) => {
    if (line === others[at]) return el("span", {}, `${line}\n`);
    const [before, changed, behind] = apart(line, others[at] ?? "");
    return el("span", { class: "line" }, before, el("mark", {}, changed), `${behind}\n`);
  });
  return [el("pre", { tabindex: 0 }, ...lines)];
}

// The line in three: as the other begins, what differs, as the other ends.
function apart(line, other) {
  const shorter = Math.min(line.length, other.length);
  let start = 0;
  while (start < shorter && line[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && line.at(-1 - end) === other.at(-1 - end)) end += 1;
  return [line.slice(0, start), line.slice(start, line.length - end), line.slice(line.length - end)];
}

function completionParts(texts) {
  if (texts.completion === null) return [el("p", {}, "The file holds no completion.")];
  const thought = texts.thinking;
  return [
    thought ? folded(`Thinking (${count(thought.length)} characters)`, pre(thought)) : null,
    section(thought ? "Completion, after its thinking" : "Completion",
      pre(texts.completion.trim() || "(empty)")),
  ];
}

const pre = (text) => el("pre", { tabindex: 0 }, String(text ?? ""));
const section = (title, ...parts) => el("section", {}, el("h4", {}, title), ...parts);
const folded = (title, ...parts) => el("details", {}, el("summary", {}, title), ...parts);
