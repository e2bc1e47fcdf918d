# expect: memory_limit_exceeded | runtime_error
# why: many maps, each within the limit
import mmap
kept = []
while True:
    block = mmap.mmap(-1, 8 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    block[:] = bytes(8 << 20)
    kept.append(block)
