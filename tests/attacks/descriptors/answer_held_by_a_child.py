# expect: runtime_error
# why: a child keeps the answers open and answers after its parent is gone
# kind: call referee
import os, time
def solve(text):
    if os.fork() == 0:
        os.setsid()
        time.sleep(0.05)
        for _ in range(9):
            os.write(@ANSWERS@, b'\0\0\0\x0c["value",""]')
        time.sleep(60)
    os._exit(0)
