# expect: memory_limit_exceeded | runtime_error
# why: memory from the kernel, not the heap
import mmap
block = mmap.mmap(-1, 1 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
block[:] = b"x" * (1 << 30)
