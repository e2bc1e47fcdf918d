# expect: runtime_error | memory_limit_exceeded | time_limit_exceeded
# why: without the interpreter's limit the stack runs out
# kind: stdin call
import sys
sys.setrecursionlimit(10 ** 9)
def solve(text):
    return sorted([text], key=solve)
solve("")
