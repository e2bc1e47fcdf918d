# expect: wrong_answer | output_limit_exceeded
# why: whoever drains it never ends
# kind: call assert referee consumed
import itertools
def solve(text):
    return itertools.repeat("x")
