# expect: runtime_error
# why: the interpreter's own limit
# kind: stdin call
def solve(text):
    return solve(text)
solve("")
