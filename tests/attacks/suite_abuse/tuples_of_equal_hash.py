# expect: wrong_answer | runtime_error
# why: -1 and -2 hash alike, and so does every tuple of them
# kind: call as_set reversal referee as_set_referee
import itertools
def solve(value):
    return list(itertools.product((-1, -2), repeat=12))
