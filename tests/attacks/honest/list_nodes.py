# expect: correct
# why: linked lists in and out
# kind: same_list same_list_referee
def solve(head):
    previous = None
    while head:
        head.next, previous, head = previous, head, head.next
    return previous
