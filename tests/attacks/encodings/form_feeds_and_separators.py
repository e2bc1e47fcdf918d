# expect: compile_error | wrong_answer | runtime_error
# why: characters that some readers take for the end of a line and Python does not
# kind: stdin call
# form: escaped
x = 1\x0c\x1c\x1d\x85\u2028print("x")
