# expect: memory_limit_exceeded
# why: the same in a call
# kind: call
def solve(text):
    return len(bytearray(1 << 30))
