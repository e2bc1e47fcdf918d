# expect: invalid_ground_truth
# why: code that takes the place of a function's
# kind: given_other_code_referee
# forges: in_process
def solve(value):
    return "def double(): return [1, 2]"
