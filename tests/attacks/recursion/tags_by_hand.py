# expect: runtime_error
# why: tags in tags in tags
# kind: call
import os
def solve(text):
    frame = b'["value",' + b'{"t":[' * 20_000 + b"]}" * 20_000 + b"]"
    os.write(@ANSWERS@, len(frame).to_bytes(4, "big") + frame)
    return ""
