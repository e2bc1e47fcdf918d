# expect: wrong_answer | runtime_error
# why: process group 0 may hold more than the run
# kind: stdin call
import os, signal
def solve(text):
    os.killpg(0, signal.SIGKILL)
solve("")
