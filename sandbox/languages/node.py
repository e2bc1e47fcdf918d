"""JavaScript and TypeScript, run by Node, and Jest."""

from __future__ import annotations

from sandbox.languages.language import COMMANDS, LIBRARIES, PRODUCT, Language

# Types are stripped and not checked: that is how TypeScript is run nearly everywhere (tsx, esbuild,
# Deno), and the check costs seconds a program.
_STRIP_TYPES = """
const ts = require("typescript"), fs = require("fs");
const stripped = ts.transpileModule(fs.readFileSync("main.ts", "utf8"), {
    fileName: "main.ts", reportDiagnostics: true,
    compilerOptions: {target: "es2022", module: "commonjs", esModuleInterop: true},
});
const host = {getCanonicalFileName: f => f, getCurrentDirectory: () => "", getNewLine: () => "\\n"};
process.stderr.write(ts.formatDiagnostics(stripped.diagnostics, host));
fs.writeFileSync("main.js", stripped.outputText);
process.exitCode = stripped.diagnostics.length ? 1 : 0;
"""
# Suites of HumanEval-X for JavaScript are written with `console.assert`, which says that something
# does not hold and goes on: a program in which it does not hold has failed.
_FAIL_BY_CONSOLE_ASSERT = """
const told = console.assert;
let holds = true;
console.assert = (...said) => { holds = holds && Boolean(said[0]); told.apply(console, said); };
process.on("exit", () => { if (!holds) process.exitCode = process.exitCode || 1; });
require("module").runMain();
"""
_NODE = (
    "node",
    "--max-old-space-size={memory_mib}",
    "--stack-size=64000",
    "--preserve-symlinks-main",  # the product has no path that a link could be resolved to
    *("-e", _FAIL_BY_CONSOLE_ASSERT),
    PRODUCT,
)
_NODE_MODULES = ("/usr/share/nodejs", "/usr/lib/nodejs", "/usr/lib/node_modules")
_JEST_RUN = """
cp "$0" main.test.js && echo "{}" > package.json && printf '%s' "$1" > report.js &&
shift && exec "$@" 2>&1
"""
# What callers of /run_code fetch as SandboxFusion's `jest-report.json`.
_JEST_REPORT = """
module.exports = class {
    onRunComplete(_, results) {
        require("fs").writeFileSync("jest-report.json", JSON.stringify(results));
    }
};
"""

NODE = (
    Language(
        name="javascript",
        tags=frozenset({"javascript", "js", "node", "nodejs"}),
        hello='console.log("hello");\n',
        file="main.js",
        compile=("node", "--check", "main.js"),
        product="main.js",
        run=_NODE,
        environment={"NODE_PATH": "/usr/share/nodejs"},
        cpu_factor=1.5,
        memory_factor=1.5,
        address_space_limited=False,
        packages=("nodejs", "node-lodash"),
        paths=(*COMMANDS, *LIBRARIES, *_NODE_MODULES),
    ),
    Language(
        name="typescript",
        tags=frozenset({"typescript", "ts"}),
        base="javascript",
        hello='const greeting: string = "hello";\nconsole.log(greeting);\n',
        file="main.ts",
        compile=("node", "-e", _STRIP_TYPES),
        product="main.js",
        run=_NODE,
        environment={"NODE_PATH": "/usr/share/nodejs"},
        cpu_factor=1.5,
        memory_factor=1.5,
        address_space_limited=False,
        told_by="/usr/share/nodejs/typescript/package.json",
        packages=("nodejs", "node-typescript", "node-lodash"),
        paths=(*COMMANDS, *LIBRARIES, *_NODE_MODULES),
    ),
    Language(
        name="jest",
        tags=frozenset({"jest"}),
        base="typescript",
        hello='test("passes", () => { console.log("hello"); });',
        file="main.ts",
        compile=("node", "-e", _STRIP_TYPES),
        product="main.js",
        run=(
            *("sh", "-c", _JEST_RUN, PRODUCT, _JEST_REPORT),
            *(
                "jest",
                "--ci",
                "--runInBand",
                "--no-cache",
                "--no-watchman",
                "--colors=false",
            ),
            *("--rootDir=/tmp", "--transform={}", "--testEnvironment=node", "--no-haste"),
            *("--reporters=default", "--reporters=./report.js"),
        ),
        environment={"NODE_PATH": "/usr/share/nodejs"},
        cpu_factor=2.0,
        memory_factor=2.0,
        address_space_limited=False,
        told_by="/usr/bin/jest",
        packages=("nodejs", "jest", "node-typescript", "node-lodash"),
        paths=(*COMMANDS, *LIBRARIES, *_NODE_MODULES),
    ),
)
