// expect: compile_error
// message: "error TS1109: Expression expected."
const x: number = ;
