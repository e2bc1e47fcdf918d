# expect: wrong_answer
# why: infinities and NaN in a tolerance test
# kind: bounds bounds_referee
def solve(value):
    return float("inf") if value > 1 else float("nan")
