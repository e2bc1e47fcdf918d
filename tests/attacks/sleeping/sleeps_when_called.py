# expect: time_limit_exceeded
# why: loads at once and sleeps in a call
# kind: call
import time
def solve(text):
    time.sleep(3600)
