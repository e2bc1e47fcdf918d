# expect: wrong_answer
# why: dead children that nobody waits for
import os
for _ in range(50):
    if os.fork() == 0:
        os._exit(0)
print("undead")
