# expect: memory_limit_exceeded | runtime_error | time_limit_exceeded
# why: recursion in C until the stack is gone
import sys
sys.setrecursionlimit(10**9)
class Endless:
    def __repr__(self): return repr([self])
repr(Endless())
