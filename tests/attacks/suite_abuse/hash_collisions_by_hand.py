# expect: wrong_answer | runtime_error
# why: a set of equal hashes that no honest process had to build
# kind: call as_set reversal referee
# limits: {"output_kb": 8000}
import os
def solve(value):
    members = ",".join('{"i":"%x"}' % (n * (2 ** 61 - 1)) for n in range(100_000))
    frame = b'["value",{"s":[' + members.encode() + b"]}]"
    left = memoryview(len(frame).to_bytes(4, "big") + frame)
    while left:
        left = left[os.write(@ANSWERS@, left):]
    return ""
