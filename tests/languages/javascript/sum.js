// expect: ok
// stdin: "1 2\n"
// stdout: "3\n"
const [a, b] = require("fs").readFileSync(0, "utf8").split(" ").map(Number);
console.log(a + b);
