// expect: ok
// stdout: "main\nworker\nlater\n"
const { Worker, isMainThread } = require("worker_threads");
if (isMainThread) {
    console.log("main");
    new Worker('require("worker_threads").parentPort.postMessage("worker")', { eval: true })
        .on("message", (message) => console.log(message))
        .on("exit", () => setTimeout(() => console.log("later"), 20));
}
