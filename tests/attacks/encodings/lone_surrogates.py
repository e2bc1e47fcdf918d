# expect: compile_error | wrong_answer | runtime_error
# why: legal in JSON, not encodable
# kind: stdin call
# form: escaped
x = '\ud800\udfff'
print(x)
