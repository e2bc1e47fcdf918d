# expect: wrong_answer
# why: reads otherwise than it runs
# form: escaped
x = "right\u202e\u2066# wrong"
print(x)
