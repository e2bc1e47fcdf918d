# expect: wrong_answer | runtime_error
# why: a list node that holds anything but values
# kind: same_list same_list_referee
def solve(head):
    node = ListNode({"a": {1, 2}}, ListNode(float("nan")))
    node.next.next = ListNode(ListNode(1))
    return node
