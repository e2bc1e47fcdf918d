# expect: wrong_answer | runtime_error
# why: says that it is loaded before it is, and answers at once
# kind: call referee
import os
for frame in (b'["loaded",null]', b'["loaded",null]', b'["value",true]', b'["value",[1,2,3]]'):
    os.write(@ANSWERS@, len(frame).to_bytes(4, "big") + frame)
def solve(text):
    return "no"
