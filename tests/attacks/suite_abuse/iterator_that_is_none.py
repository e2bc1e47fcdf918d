# expect: wrong_answer | runtime_error
# why: says that an iterator was drained and hands over what cannot be iterated
# kind: consumed_referee summed_referee
import os
frame = b'["value",["value",5,true,[],{"t":[{"t":[]},{"d":[]}]},[]]]'
def solve(value):
    os.write(@ANSWERS@, len(frame).to_bytes(4, "big") + frame)
    return []
