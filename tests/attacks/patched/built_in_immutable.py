# expect: wrong_answer | runtime_error
# why: rewrites the interpreter's small integers and the empty string in memory
# kind: stdin call
import ctypes
ctypes.memmove(id(1), id(0), 28)
def solve(text):
    return ""
