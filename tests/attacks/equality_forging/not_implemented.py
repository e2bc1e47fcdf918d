# expect: wrong_answer
# why: NotImplemented is true in a boolean context
# kind: call assert referee
def solve(text):
    return NotImplemented
