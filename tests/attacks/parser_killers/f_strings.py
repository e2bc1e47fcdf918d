# expect: compile_error
# why: f-strings in f-strings
# kind: stdin
# form: generated
program = "x = " + "f'{" * 200 + "1" + "}'" * 200
