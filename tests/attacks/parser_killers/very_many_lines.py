# expect: wrong_answer | runtime_error
# why: a hundred thousand lines
# kind: stdin
# limits: {"cpu_s": 8, "wall_s": 8, "memory_mb": 512}
# form: generated
program = "x = 1\n" * 50_000
