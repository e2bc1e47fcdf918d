# expect: wrong_answer
# why: the next call is given what this one left
# kind: given_again given_again_referee
def solve(values):
    return sum(values.pop() for _ in values[:])
