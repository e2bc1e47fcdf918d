# expect: wrong_answer
# why: the agent's descriptors lead to the worker
import os
seen = []
for number in range(64):
    for process in (1, os.getppid()):
        try:
            seen.append(os.open(f"/proc/{process}/fd/{number}", os.O_RDWR))
        except OSError as error:
            seen.append(error.errno)
print(input(), set(seen))
