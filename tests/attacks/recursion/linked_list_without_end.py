# expect: memory_limit_exceeded | output_limit_exceeded | time_limit_exceeded | wrong_answer
# why: a linked list whose end is its beginning
# kind: call
class ListNode:
    val = 1
ListNode.next = ListNode
def solve(text):
    return ListNode()
