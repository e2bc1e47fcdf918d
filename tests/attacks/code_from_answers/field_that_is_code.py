# expect: invalid_ground_truth
# why: a field's name stands in the text that a dataclass is made of
# kind: made_a_class_referee
# forges: in_process
def solve(value):
    return "__class__ or 1"
