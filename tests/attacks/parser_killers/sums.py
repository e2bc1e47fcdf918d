# expect: compile_error | wrong_answer | runtime_error
# why: one sum of very many terms
# kind: stdin call
# form: generated
program = "x = 0" + "+1" * 20_000
