# expect: invalid_ground_truth
# why: statements that something of the library runs
# kind: timed_referee interpreted_referee
def solve(value):
    return "global out; out = [1, 2]\n"
