// expect: ok
// stdin: "1\n2\n"
// stdout: "3\n"
const lines = require("readline").createInterface({ input: process.stdin });
let sum = 0;
lines.on("line", (line) => (sum += Number(line)));
lines.on("close", () => console.log(sum));
