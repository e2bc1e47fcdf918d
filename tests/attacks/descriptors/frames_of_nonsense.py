# expect: runtime_error
# why: bytes that are no JSON, or JSON that is no frame
# kind: call referee
import os
frames = [b"\xff\xfe", b"null", b"[]", b'["value"]', b'["value",1,2]', b'{"value":1}', b'[["value"],1]', b'["value",{"x":1}]',
          b'["value",{"n":["open",["/etc/passwd"]]}]', b'["value",{"t":1}]', b'["value",{"d":[[[],1]]}]', b'["value",{"i":"zz"}]']
def solve(text):
    for frame in frames:
        os.write(@ANSWERS@, len(frame).to_bytes(4, "big") + frame)
    return ""
