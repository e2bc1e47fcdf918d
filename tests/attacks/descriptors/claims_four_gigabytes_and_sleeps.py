# expect: time_limit_exceeded
# why: the reader waits for the rest of a frame that never comes
# kind: call referee
import os, time
def solve(text):
    os.write(@ANSWERS@, b"\xff\xff\xff\xff[")
    time.sleep(60)
