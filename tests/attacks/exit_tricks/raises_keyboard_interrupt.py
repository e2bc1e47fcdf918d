# expect: runtime_error
# why: an exception that harnesses take for the operator's
# kind: stdin call
def solve(text):
    raise KeyboardInterrupt
solve("")
