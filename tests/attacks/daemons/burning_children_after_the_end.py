# expect: wrong_answer | time_limit_exceeded
# why: children burn on after the program has ended
import os
for _ in range(8):
    if os.fork() == 0:
        while True:
            pass
print("done")
