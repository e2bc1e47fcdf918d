# expect: wrong_answer | runtime_error
# why: nodes by hand in the form that the referee's relay uses
# kind: same_list_referee truthy_referee
import os
frames = [b'["value",[false,{"o":["TreeNode",[null,1]]},{"t":[]},{"d":[]}]]',
          b'["value",[false,{"o":["ListNode",[{"o":["x",null]}]]},{"t":[]},{"d":[]}]]']
def solve(head):
    for frame in frames:
        os.write(@ANSWERS@, len(frame).to_bytes(4, "big") + frame)
    return None
