# expect: wrong_answer | runtime_error
# why: items that compare in no order, and items that cannot be compared
# kind: sorted sorted_referee
def solve(value):
    return [float("nan"), 1, "a", None, [], {}] * 1_000
