# expect: wrong_answer | output_limit_exceeded | runtime_error | time_limit_exceeded
# why: every line is worth a warning
# kind: stdin
# form: generated
program = "x = 1 is 1\n" * 5_000
