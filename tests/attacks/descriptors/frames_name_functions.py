# expect: runtime_error
# why: the tag that builds objects on this side must mean nothing on the other
# kind: call referee
import os
def solve(text):
    frame = b'["value",{"n":["received",["ListNode",["x"]]]}]'
    os.write(@ANSWERS@, len(frame).to_bytes(4, "big") + frame)
    os._exit(0)
