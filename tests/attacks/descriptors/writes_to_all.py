# expect: wrong_answer | runtime_error | time_limit_exceeded | output_limit_exceeded
# why: whatever is open gets something to read
# kind: stdin call
import os
for number in range(3, 256):
    try:
        os.write(number, b"\xff" * 64)
    except OSError:
        pass
def solve(text):
    return ""
