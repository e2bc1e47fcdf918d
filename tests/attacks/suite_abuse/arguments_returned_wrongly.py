# expect: wrong_answer | runtime_error
# why: changed arguments of other types and numbers than were sent
# kind: in_place_referee
import os
frame = b'["value",["value",null,false,[],{"t":[{"t":[{"s":[1]},2,{"o":["x",null]}]},{"d":[]}]},[0,1,0]]]'
def solve(value):
    os.write(@ANSWERS@, len(frame).to_bytes(4, "big") + frame)
    return []
