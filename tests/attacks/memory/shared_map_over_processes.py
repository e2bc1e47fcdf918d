# expect: memory_limit_exceeded | runtime_error | time_limit_exceeded
# why: each child stays within the limit, all together do not
# limits: {"cpu_s": 2, "wall_s": 2}
import mmap, os, time
for _ in range(8):
    if os.fork() == 0:
        block = mmap.mmap(-1, 60 << 20)
        for offset in range(0, 60 << 20, 4096):
            block[offset] = 1
        time.sleep(60)
while os.getpid():
    time.sleep(60)
