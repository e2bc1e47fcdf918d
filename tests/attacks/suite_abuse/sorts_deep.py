# expect: wrong_answer | runtime_error
# why: comparing nested lists is recursion
# kind: sorted sorted_referee as_set
def solve(value):
    nested = [0]
    for _ in range(150):
        nested = [nested]
    return [nested] * 20
