# expect: wrong_answer | runtime_error
# why: the harness cannot leave: its way out comes back
# kind: stdin call
import os
def stay(*_):
    raise ValueError("no exit")
os._exit = stay
def solve(text):
    return ""
