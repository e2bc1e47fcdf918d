# expect: output_limit_exceeded | memory_limit_exceeded
# why: the answer itself is the bomb
# kind: call numbers
def solve(value):
    return [0] * 3_000_000
