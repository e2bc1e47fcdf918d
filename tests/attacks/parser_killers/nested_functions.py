# expect: compile_error
# why: more blocks in blocks than the compiler takes
# kind: stdin call
# form: generated
program = "\n".join(" " * depth + "if 1:" for depth in range(200)) + "\n" + " " * 200 + "x = 1"
