# expect: runtime_error
# why: brackets without end, written past the encoder
# kind: call
import os
def solve(text):
    frame = b'["value",' + b"[" * 100_000 + b"]" * 100_000 + b"]"
    os.write(@ANSWERS@, len(frame).to_bytes(4, "big") + frame)
    return ""
