# expect: wrong_answer
# why: a daemon that a call leaves behind
# kind: call
import os, time
def solve(text):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(3600)
        os._exit(0)
    os.wait()
    return ""
