# expect: wrong_answer | runtime_error
# why: a name that is missing would make it the suite's fault, and the rollout nobody's
# kind: evaluated_referee
def solve(value):
    return "missing"
