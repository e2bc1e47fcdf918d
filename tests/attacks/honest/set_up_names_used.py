# expect: correct
# why: uses what the suite's set-up code brings
# kind: same_list same_list_referee
def solve(head):
    values = []
    while head:
        values.append(head.val)
        head = head.next
    return list_node(values[::-1])
