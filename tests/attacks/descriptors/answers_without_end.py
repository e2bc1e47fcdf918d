# expect: output_limit_exceeded
# why: a frame that claims four gigabytes
# kind: call referee
import os
def solve(text):
    os.write(@ANSWERS@, b"\xff\xff\xff\xff")
    while True:
        os.write(@ANSWERS@, b" " * 65536)
