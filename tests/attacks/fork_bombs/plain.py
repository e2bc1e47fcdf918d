# expect: runtime_error | time_limit_exceeded | memory_limit_exceeded
# why: while True: fork
# kind: stdin call
import os
def solve(text):
    while True:
        os.fork()
solve("")
