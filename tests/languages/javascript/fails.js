// expect: nonzero_exit
console.log(undefined.property);
