# expect: correct
# why: the suite looks at its own argument afterwards
# kind: in_place_referee
def solve(values):
    values.sort()
