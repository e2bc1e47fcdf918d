# expect: wrong_answer
# why: no answer is not an empty answer
# kind: call assert referee numbers
def solve(value):
    return None
