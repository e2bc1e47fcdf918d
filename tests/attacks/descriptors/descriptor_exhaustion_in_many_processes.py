# expect: wrong_answer | time_limit_exceeded
# why: the whole machine's files rather than one process's
import os, time
for _ in range(40):
    if os.fork() == 0:
        try:
            while True:
                os.pipe()
        except OSError:
            time.sleep(60)
            os._exit(0)
print("full")
