# expect: wrong_answer | runtime_error | output_limit_exceeded | memory_limit_exceeded
# why: three bytes each on the wire, dozens in memory
# kind: call referee
# limits: {"output_kb": 3000}
import os
def solve(value):
    frame = b'["value",[' + b"[]," * 900_000 + b"[]]]"
    left = memoryview(len(frame).to_bytes(4, "big") + frame)
    while left:
        left = left[os.write(@ANSWERS@, left):]
    return ""
