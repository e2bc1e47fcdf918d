// expect: ok
// stdin: "1 2\n"
// stdout: "3\n"
import * as fs from "fs";

const [a, b]: number[] = fs.readFileSync(0, "utf8").split(" ").map(Number);
console.log(a + b);
