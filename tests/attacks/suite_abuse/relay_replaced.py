# expect: wrong_answer | runtime_error
# why: the function between referee and candidate is the candidate's too
# kind: referee in_place_referee same_list_referee
import sys
def solve(value):
    return ["passed", [True], {}]
def _relay(*args, **kwargs):
    return ["value", "x", False, [], ((), {}), []]
sys.modules["__main__"].__dict__.update(_relay=_relay)
