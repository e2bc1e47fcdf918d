# expect: compile_error
# why: a name that cannot be encoded
# kind: stdin call
# form: escaped
\udc80 = 1
