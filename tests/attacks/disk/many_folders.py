# expect: runtime_error
# why: folders are places for names too
import os
for number in range(100_000):
    os.mkdir(f"/dev/shm/{number}")
