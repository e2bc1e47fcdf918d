# expect: wrong_answer | runtime_error
# why: -1 is every process that may be signalled
# kind: stdin call
import os, signal
def solve(text):
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(-1, number)
        except OSError:
            pass
    return ""
print(solve(""))
