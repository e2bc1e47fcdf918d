# expect: wrong_answer | runtime_error | time_limit_exceeded
# why: a pattern that takes for ever, handed to a suite that matches with it
# kind: matched_referee
def solve(value):
    return "(a*)*$"
