# expect: wrong_answer | time_limit_exceeded | output_limit_exceeded
# why: what a called function prints is thrown away, not kept
# kind: call
import os
def solve(text):
    for _ in range(100):
        os.write(1, b"x" * 65536)
        os.write(2, b"x" * 65536)
    return ""
