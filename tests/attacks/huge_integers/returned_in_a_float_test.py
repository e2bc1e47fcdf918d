# expect: wrong_answer | runtime_error
# why: an integer that is too large for a float
# kind: bounds bounds_referee
def solve(value):
    return 10 ** 400
