# expect: compile_error | runtime_error
# why: a chain of attributes as deep as the text is long
# kind: stdin call
# form: generated
program = "x" + ".a" * 100_000
