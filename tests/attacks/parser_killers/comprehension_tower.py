# expect: compile_error | time_limit_exceeded | memory_limit_exceeded | runtime_error
# why: patterns and comprehensions in each other
# kind: stdin
# form: generated
program = "x = " + "[" * 90 + "0" + " for a in b]" * 90
