# expect: runtime_error
# why: opens files until there are none left
# kind: stdin call
import os
kept = [os.open("/dev/null", os.O_RDONLY) for _ in range(100_000)]
def solve(text):
    return ""
