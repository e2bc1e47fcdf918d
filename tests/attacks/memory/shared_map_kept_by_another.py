# expect: runtime_error
# why: filled by one process that ends, kept by another that never looks: resident in none
import mmap, os, time
for _ in range(4):
    block = mmap.mmap(-1, 60 << 20)
    if os.fork() == 0:
        for offset in range(0, 60 << 20, 4096):
            block[offset] = 1
        os._exit(0)
    os.wait()
    if os.fork() == 0:
        time.sleep(60)
    block.close()
time.sleep(60)
