# expect: wrong_answer | runtime_error
# why: surrogates on the way out
print("\udcff\udc80")
