# expect: correct
# why: within the tolerance
# kind: bounds bounds_referee
def solve(value):
    return 0.5 if value == 2 else 0.25 + 1e-9
