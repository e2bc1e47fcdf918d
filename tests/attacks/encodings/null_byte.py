# expect: compile_error
# why: C strings end there
# kind: stdin call
# form: escaped
print(1)\x00print(2)
