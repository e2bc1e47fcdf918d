# expect: correct
# why: a variable that a loop over the answer assigns
# kind: last last_referee
def solve(text):
    return list(text[::-1])
