# expect: compile_error
# message: "syntax error"
if true; then
