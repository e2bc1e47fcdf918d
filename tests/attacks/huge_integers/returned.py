# expect: wrong_answer | output_limit_exceeded | memory_limit_exceeded
# why: an integer of a million bits as the answer
# kind: call numbers bounds bounds_referee
def solve(value):
    return 1 << 900_000
