# expect: runtime_error
# why: a flood of frames of no bytes
# kind: call referee
import os
def solve(text):
    os.write(@ANSWERS@, b"\0" * 4096)
    return ""
