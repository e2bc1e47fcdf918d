# expect: memory_limit_exceeded
# why: one large block
# kind: stdin call
def solve(text):
    return len(bytearray(1 << 30))
solve("")
