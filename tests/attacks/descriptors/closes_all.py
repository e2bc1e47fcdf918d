# expect: wrong_answer | runtime_error
# why: the harness loses its ways in and out
# kind: stdin call
import os
def solve(text):
    os.closerange(0, 256)
    return ""
solve("")
