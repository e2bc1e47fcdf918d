// expect: ok
// stdout: "clean\n"
// runs: 3
const fs = require("fs");
const found = fs.readdirSync("/tmp").length + fs.readdirSync("/dev/shm").length;
console.log(found ? "found something" : "clean");
for (const way of ["/proc/self/fd/3", "/dev/fd/3", 3, "/tmp/main.js", "/dev/shm/left"]) {
    try { fs.writeFileSync(way, "console.log('altered')"); } catch {}
}
fs.mkdirSync("/tmp/node_modules/fs", { recursive: true });
require("child_process").spawn("sh", ["-c", "while true; do : > /tmp/later; done"], { detached: true, stdio: "ignore" }).unref();
