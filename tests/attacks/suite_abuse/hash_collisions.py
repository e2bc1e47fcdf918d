# expect: wrong_answer | runtime_error
# why: numbers that share one hash make a set of them take quadratic time
# kind: as_set as_set_referee call consumed
def solve(value):
    return [n * (2 ** 61 - 1) for n in range(8_000)]
