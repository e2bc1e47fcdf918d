// expect: ok
// stdout: 'true 2\n'
console.log(require.main === module, process.argv.length);
console.assert(true);
