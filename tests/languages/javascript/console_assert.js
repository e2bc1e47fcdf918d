// expect: nonzero_exit
// stdout: 'goes on\n'
// message: "Assertion failed: does not hold"
console.assert(1 + 1 === 2);
console.assert(1 + 1 === 3, "does not hold");
console.log("goes on");
process.exit(0);
