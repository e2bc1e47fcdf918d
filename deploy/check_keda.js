// Holds KEDA's manifests, a JSON list in the file named, to the schemas of its own resources.
// Run by check.sh, in a folder that has @kubernetes-models/keda.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");

const resources = createRequire(`${process.cwd()}/`)("@kubernetes-models/keda/keda.sh/v1alpha1");
const manifests = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const manifest of manifests) {
  new resources[manifest.kind](manifest).validate(); // throws what does not fit
}
console.log(`${manifests.length} manifests fit KEDA`);
process.exit(manifests.length ? 0 : 1);
