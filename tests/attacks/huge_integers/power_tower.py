# expect: time_limit_exceeded | memory_limit_exceeded
# why: a single operation that takes for ever in C
# kind: stdin call
def solve(text):
    return 9 ** 9 ** 9 ** 9
solve("")
