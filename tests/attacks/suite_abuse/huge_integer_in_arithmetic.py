# expect: wrong_answer | output_limit_exceeded | runtime_error | memory_limit_exceeded
# why: the suite's own arithmetic becomes the bomb
# kind: powers repeated as_text bounds close powers_referee as_text_referee repeated_referee
def solve(value):
    return 3 << 800_000
