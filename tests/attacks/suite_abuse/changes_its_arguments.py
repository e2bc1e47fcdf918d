# expect: wrong_answer | runtime_error
# why: what a candidate makes of its copies must not become what the suite compares with
# kind: numbers in_place_referee sorted sorted_referee
def solve(values):
    values.clear()
    values.extend([[], {}, None])
    return values
