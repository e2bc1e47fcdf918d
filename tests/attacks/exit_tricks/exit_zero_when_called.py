# expect: runtime_error
# why: loads well and leaves with success in its first call
# kind: call referee
# forges: exit_code
import os
def solve(text):
    os._exit(0)
