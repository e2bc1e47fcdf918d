# expect: wrong_answer | runtime_error | output_limit_exceeded | memory_limit_exceeded
# why: an argument grows to megabytes on its way back
# kind: numbers in_place_referee
def solve(values):
    values.extend([[]] * 60_000)
