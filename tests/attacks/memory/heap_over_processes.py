# expect: memory_limit_exceeded
# why: each child stays within the limit, all together do not
import os, time
for _ in range(8):
    if os.fork() == 0:
        block = b"x" * (60 << 20)
        time.sleep(60)
time.sleep(60)
