# expect: wrong_answer | runtime_error
# why: what the relay sends, in wrong shapes
# kind: referee in_place_referee looped_referee
import os
frames = [b'["value",[false,"x"]]', b'["value",[1,"x",{"t":[]},{"d":[]}]]', b'["value",[false,"x",{"t":[]},{"d":[["args",1],[1,2]]}]]',
          b'["value",[true,"x",{"t":[1,2,3]},{"d":[]}]]', b'["value",[true,{"o":["x",null]},{"t":[]},{"d":[]}]]']
def solve(value):
    for frame in frames:
        os.write(@ANSWERS@, len(frame).to_bytes(4, "big") + frame)
    os._exit(0)
