# expect: wrong_answer
# why: the set-up code is joined by lines: a line is what Python calls so
# kind: stdin call
# form: escaped
x = "a\x0bb\x0cc\x1cd\x85e\u2028f"
def solve(text):
    return x
print(x)
