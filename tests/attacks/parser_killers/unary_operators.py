# expect: compile_error
# why: a tree as deep as the text is long
# kind: stdin call
# form: generated
program = "print(" + "-" * 100_000 + "1)"
