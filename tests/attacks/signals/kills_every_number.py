# expect: wrong_answer
# why: every process id, one after the other
import os
for process in range(2, 40_000):
    if process != os.getpid():
        try:
            os.kill(process, 9)
        except OSError:
            pass
print("killed")
