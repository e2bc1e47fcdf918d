# expect: compile_error
# why: the same, but balanced
# kind: stdin call
# form: generated
program = "(" * 50_000 + ")" * 50_000
