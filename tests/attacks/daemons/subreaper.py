# expect: wrong_answer
# why: orphans become children of the run instead of the agent's
import ctypes, os, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
if os.fork() == 0:
    if os.fork() == 0:
        time.sleep(60)
    os._exit(0)
print("adopted")
