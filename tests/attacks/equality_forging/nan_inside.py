# expect: wrong_answer
# why: NaN in the place of a number in a list
# kind: numbers
def solve(values):
    return [float("nan")] * len(values)
