# expect: runtime_error | wrong_answer | output_limit_exceeded | memory_limit_exceeded
# why: a number of a megabyte of digits for the decoder
# kind: call referee
# limits: {"output_kb": 8000}
import os
def solve(value):
    for number in (b"1." + b"1" * 2_000_000, b"1" * 2_000_000, b"1e" + b"9" * 100_000, b'{"c":["' + b"1" * 2_000_000 + b'",1]}'):
        frame = b'["value",' + number + b"]"
        left = memoryview(len(frame).to_bytes(4, "big") + frame)
        while left:
            left = left[os.write(@ANSWERS@, left):]
    return ""
