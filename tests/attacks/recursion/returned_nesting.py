# expect: wrong_answer | runtime_error
# why: an answer nested deeper than any decoder may follow
# kind: call numbers
def solve(value):
    nested = []
    for _ in range(100_000):
        nested = [nested]
    return nested
