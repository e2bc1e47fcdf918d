# expect: time_limit_exceeded
# why: uses no CPU time and never ends
# kind: stdin call
import time
def solve(text):
    time.sleep(3600)
solve("")
