# expect: runtime_error | output_limit_exceeded
# why: a message of megabytes in the report of a failure
# kind: stdin call
def solve(text):
    raise ValueError("x" * (4 << 20))
solve("")
