# expect: wrong_answer | runtime_error
# why: nothing that is imported later can be found
# kind: stdin call
import sys
for name in list(sys.modules):
    if name not in ("sys", "builtins", "__main__"):
        del sys.modules[name]
def solve(text):
    return ""
