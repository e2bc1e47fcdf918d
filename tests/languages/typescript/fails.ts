// expect: nonzero_exit
const nothing: any = undefined;
console.log(nothing.property);
