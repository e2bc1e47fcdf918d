# expect: wrong_answer | runtime_error | time_limit_exceeded | memory_limit_exceeded
# why: the function is never called, its constants are folded all the same
# kind: stdin call
def never():
    return (1 << 60_000) ** 2 * 3 ** 60_000 ** 1, "x" * 4000 * 4000
