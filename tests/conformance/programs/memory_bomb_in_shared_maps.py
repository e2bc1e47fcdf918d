# expect: memory_limit | nonzero_exit | signalled
import mmap
maps = []
while True:
    maps.append(mmap.mmap(-1, 16 << 20))
    maps[-1].write(bytes(16 << 20))
