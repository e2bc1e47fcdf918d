# expect: compile_error
# why: functions in functions until the symbol table gives up
# kind: stdin call
# form: generated
program = "x = " + "lambda: " * 50_000 + "1"
