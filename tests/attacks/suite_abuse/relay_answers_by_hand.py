# expect: wrong_answer | runtime_error
# why: what the relay sends, in wrong shapes
# kind: referee in_place_referee looped_referee raising_referee
import os
given = b'{"t":[{"t":[[1,2,3]]},{"d":[]}]}'
frames = [b'["value",["value","x",false]]', b'["value",["value","x",1,[],' + given + b',[]]]',
          b'["value",["value","x",false,[7],' + given + b',[9,null,"x",[],-1,true]]]',
          b'["value",["value","x",false,[],"x",[0]]]', b'["value",["value","x",false,[],{"t":[{"o":["x",null]},1]},[0]]]',
          b'["value",["value",{"o":["x",null]},true,[],' + given + b',[0,0,0]]]',
          b'["value",["raised","x","y",[[],1,"x","BaseException"],{"t":[]}]]',
          b'["value",["raised","","\\ud800",["NameError","ImportError"],{"t":[{"o":["x",[1]]}]}]]']
def solve(value):
    for frame in frames:
        os.write(@ANSWERS@, len(frame).to_bytes(4, "big") + frame)
    os._exit(0)
