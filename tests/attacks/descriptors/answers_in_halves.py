# expect: wrong_answer | runtime_error
# why: a frame that claims the harness's own bytes as its content
# kind: call referee
import os
def solve(text):
    os.write(@ANSWERS@, (600).to_bytes(4, "big") + b'["value",' + b" " * 300)
    return "x" * 700
