# expect: wrong_answer | runtime_error
# why: the encoder's own questions get the candidate's answers
# kind: call referee
import builtins
builtins.isinstance = lambda *_: False
builtins.type = lambda *_: str
builtins.list = builtins.map = builtins.set = lambda *_: []
def solve(text):
    return ""
