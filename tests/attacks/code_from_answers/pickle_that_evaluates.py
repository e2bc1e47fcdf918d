# expect: invalid_ground_truth
# why: a pickle that calls eval, and with it the candidate's code beside its judge
# kind: unpickled_referee unpickled_by_hand_referee
# forges: in_process
import pickle
class Evaluates:
    def __reduce__(self):
        return eval, ("type('Same', (), {'__eq__': lambda *_: True})()",)
def solve(value):
    return pickle.dumps(Evaluates())
