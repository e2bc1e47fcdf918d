# expect: wrong_answer | runtime_error
# why: frames for calls that have not been made yet
# kind: call referee numbers
import os
for _ in range(200):
    frame = b'["value","yes"]'
    os.write(@ANSWERS@, len(frame).to_bytes(4, "big") + frame)
def solve(value):
    return "no"
