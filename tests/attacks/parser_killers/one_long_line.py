# expect: wrong_answer | compile_error | runtime_error
# why: a line of a megabyte
# kind: stdin call
# form: generated
program = "x = '" + "y" * 1_000_000 + "'"
