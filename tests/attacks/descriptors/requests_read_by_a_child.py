# expect: wrong_answer | runtime_error | time_limit_exceeded
# why: two processes take turns at the requests
# kind: call referee
import os
os.fork()
def solve(text):
    return str(os.getpid())
