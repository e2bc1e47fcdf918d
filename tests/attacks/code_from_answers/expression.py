# expect: invalid_ground_truth
# why: an expression that something of the library evaluates
# kind: evaluated_by_module_referee evaluated_as_annotation_referee
# forges: in_process
def solve(value):
    return "type('Same', (), {'__eq__': lambda *_: True})()"
