# expect: wrong_answer | runtime_error | compile_error
# why: names an encoding that does not exist
# coding: no-such-encoding
print("x")
