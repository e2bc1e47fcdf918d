# expect: output_limit_exceeded | memory_limit_exceeded
# why: a text of 60 MB, within the memory limit
# kind: call
def solve(text):
    return "x" * (20 << 20)
