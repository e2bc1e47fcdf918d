// The data that lies in the page, packed: unpacked when it is looked at, and a little of it kept.
"use strict";

const MOST_KEPT = 12;
const kept = new Map();  // of chunk, in the order of use: a promise of its texts

async function unpacked(name) {
  if (!("DecompressionStream" in window)) {
    throw new Error("this browser is too old to unpack it (it has no DecompressionStream)");
  }
  if (!place(name) && document.readyState === "loading") {
    await new Promise((resolve) => addEventListener("DOMContentLoaded", resolve, { once: true }));
  }
  const packed = Uint8Array.from(atob(place(name).textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

// The texts of a rollout; null where they are not in the page.
async function textsOf(columns, rollout) {
  const chunk = columns.chunk[rollout];
  if (chunk < 0) return null;
  const found = kept.get(chunk) ?? unpacked(`texts-${chunk}`);
  kept.delete(chunk);
  kept.set(chunk, found);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  return (await found)[columns.place[rollout]];
}
