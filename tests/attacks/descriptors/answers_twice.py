# expect: wrong_answer | runtime_error
# why: every call is answered by a frame of one's own and by the harness
# kind: call referee
import os
def solve(text):
    frame = b'["value","first"]'
    os.write(@ANSWERS@, len(frame).to_bytes(4, "big") + frame)
    return "second"
