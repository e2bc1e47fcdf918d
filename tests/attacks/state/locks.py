# expect: wrong_answer
# why: a lock on a file that everyone reads
import fcntl, json, os, time
if os.fork() == 0:
    os.setsid()
    file = open(json.__file__)
    fcntl.flock(file, fcntl.LOCK_EX)
    time.sleep(60)
print("locked")
