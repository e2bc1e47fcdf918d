# expect: wrong_answer | runtime_error | output_limit_exceeded
# why: a lazy sequence that claims a length of 2**62
# kind: call assert referee consumed
def solve(text):
    return range(2**62)
