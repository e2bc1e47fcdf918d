# expect: wrong_answer | runtime_error
# why: nodes by hand: no items, items that are no list, a name that is another's
# kind: same_list same_list_referee truthy truthy_referee
import os
frames = [b'["value",{"o":["ListNode",[]]}]', b'["value",{"o":["ListNode",null]}]', b'["value",{"o":["TreeNode",[null]]}]']
def solve(head):
    for frame in frames:
        os.write(@ANSWERS@, len(frame).to_bytes(4, "big") + frame)
    return None
