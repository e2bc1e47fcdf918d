# expect: wrong_answer | runtime_error | output_limit_exceeded
# why: its length is no machine integer, so asking for it fails
# kind: call reversal summed sorted as_set indexed member referee indexed_referee
def solve(value):
    return range(10 ** 40)
