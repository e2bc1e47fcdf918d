# expect: output_limit_exceeded
# why: more is announced than may come, and the reader need not wait for it
# kind: call referee
import os, time
def solve(text):
    os.write(@ANSWERS@, b"\xff\xff\xff\xff[")
    time.sleep(60)
