# expect: wrong_answer | runtime_error
# why: a hundred thousand lines
# kind: stdin
# limits: {"memory_mb": 512}
# form: generated
program = "x = 1\n" * 50_000
