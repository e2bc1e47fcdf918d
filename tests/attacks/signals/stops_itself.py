# expect: time_limit_exceeded
# why: a stopped process uses no CPU time and never ends
# kind: stdin call
import os, signal
def solve(text):
    os.kill(os.getpid(), signal.SIGSTOP)
solve("")
