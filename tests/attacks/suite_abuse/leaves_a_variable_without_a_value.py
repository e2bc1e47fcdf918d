# expect: wrong_answer
# why: nothing to loop over, and what the loop should have assigned is missing: no fault of the suite
# kind: last last_referee
def solve(text):
    return []
