# expect: runtime_error | wrong_answer
# why: the harness's process dies in the middle of a call
# kind: call referee
import ctypes
def solve(text):
    ctypes.memset(id(solve), 0, 64)
    return text
