# expect: runtime_error | time_limit_exceeded
# why: the same in the middle of a call
# kind: call referee
import os
def solve(text):
    os.closerange(0, 256)
    return ""
