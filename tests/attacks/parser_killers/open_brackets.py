# expect: compile_error
# why: nesting that exhausts the parser
# kind: stdin call
# form: generated
program = "(" * 100_000
