# expect: memory_limit | nonzero_exit | signalled
import os, time
for _ in range(40):
    if os.fork() == 0:
        hoard = bytearray(100 << 20)
        for i in range(0, len(hoard), 4096):
            hoard[i] = 1
        time.sleep(100)
time.sleep(100)
