# expect: compile_error
# why: a null byte inside quotes is still one
# form: escaped
x = "a\x00b"
