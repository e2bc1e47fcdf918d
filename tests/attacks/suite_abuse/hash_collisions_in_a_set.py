# expect: wrong_answer | runtime_error
# why: the set is built while decoding
# kind: call as_set reversal referee
def solve(value):
    return {float(n * (2 ** 61 - 1)) for n in range(3_000)} | {(n * (2 ** 61 - 1),) for n in range(3_000)}
