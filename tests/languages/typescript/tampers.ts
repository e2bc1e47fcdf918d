// expect: ok
// stdout: "clean\n"
// runs: 3
import fs from "fs";

const found: number = fs.readdirSync("/tmp").length + fs.readdirSync("/dev/shm").length;
console.log(found ? "found something" : "clean");
for (const way of ["/proc/self/fd/3", "/dev/fd/3", 3, "/tmp/main.js", "/dev/shm/left"]) {
    try { fs.writeFileSync(way, "console.log('altered')"); } catch {}
}
