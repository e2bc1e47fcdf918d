# expect: time_limit_exceeded
# why: a tree in which everyone waits for someone
import os, time
for _ in range(10):
    if os.fork() == 0:
        time.sleep(3600)
os.wait()
