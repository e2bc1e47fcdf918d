# expect: compile_error | wrong_answer | runtime_error | time_limit_exceeded
# why: an integer literal takes quadratic time to read
# kind: stdin call
# form: generated
program = "x = " + "9" * 300_000
