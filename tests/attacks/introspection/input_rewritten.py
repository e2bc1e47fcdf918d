# expect: wrong_answer
# why: what is read later is what this run writes now
import fcntl, mmap, os
outcomes = []
for attempt in (
    lambda: os.write(0, b"x" * 64),
    lambda: os.ftruncate(0, 0),
    lambda: os.pwrite(os.open("/proc/self/fd/0", os.O_RDWR), b"abc\n", 0),
    lambda: mmap.mmap(0, 4, mmap.MAP_SHARED, mmap.PROT_WRITE),
    lambda: fcntl.fcntl(0, 1033, 0),
):
    try:
        outcomes.append(attempt())
    except (OSError, ValueError) as error:
        outcomes.append(type(error).__name__)
print(outcomes)
