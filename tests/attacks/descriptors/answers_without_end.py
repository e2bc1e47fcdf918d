# expect: output_limit_exceeded
# why: a frame that claims four gigabytes
# kind: call referee
import os
def solve(text):
    os.write(12, b"\xff\xff\xff\xff")
    while True:
        os.write(12, b" " * 65536)
