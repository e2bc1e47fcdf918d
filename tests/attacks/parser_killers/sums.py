# expect: compile_error | wrong_answer | runtime_error
# why: one sum of very many terms
# kind: stdin call
# limits: {"cpu_s": 5, "wall_s": 5}
# form: generated
program = "x = 0" + "+1" * 20_000
