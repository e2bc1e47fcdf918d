# expect: wrong_answer | runtime_error
# why: nodes by hand in the form that the referee's relay uses
# kind: same_list_referee truthy_referee
import os
frames = [b'["value",["value",{"o":["TreeNode",[null,1]]},false,[],{"t":[{"t":[]},{"d":[]}]},[]]]',
          b'["value",["value",{"o":["ListNode",[{"o":["x",null]}]]},false,[],{"t":[{"t":[]},{"d":[]}]},[]]]']
def solve(head):
    for frame in frames:
        os.write(@ANSWERS@, len(frame).to_bytes(4, "big") + frame)
    return None
