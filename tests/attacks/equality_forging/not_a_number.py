# expect: wrong_answer
# why: NaN makes every comparison but != false; it must not pass as any number
# kind: call assert referee numbers
def solve(value):
    return float("nan")
