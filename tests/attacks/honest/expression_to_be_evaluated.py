# expect: correct
# why: the suite evaluates the returned expression
# kind: evaluated_referee
def solve(values):
    return "*".join(map(str, values))
