# expect: wrong_answer
# why: the function instead of its result
# kind: call assert referee numbers
def solve(value):
    return solve
