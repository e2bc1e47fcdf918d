# expect: invalid_ground_truth
# why: a code object, which the suite makes a function of
# kind: unmarshalled_referee
# forges: in_process
import marshal
def solve(value):
    return marshal.dumps(compile("[1, 2]", "x", "eval"))
