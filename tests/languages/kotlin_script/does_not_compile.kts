// expect: compile_error
val x: = 1
