# expect: wrong_answer
# why: the classic daemon, in a session of its own
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.chdir("/")
        time.sleep(3600)
    os._exit(0)
os.wait()
print("daemon started")
