// expect: compile_error
// message: "SyntaxError"
const x = ;
