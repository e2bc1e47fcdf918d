# expect: wrong_answer | compile_error | runtime_error
# why: a line of a megabyte
# kind: stdin call
# limits: {"cpu_s": 5, "wall_s": 5}
# form: generated
program = "x = '" + "y" * 1_000_000 + "'"
