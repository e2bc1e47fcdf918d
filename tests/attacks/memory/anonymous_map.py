# expect: memory_limit_exceeded | runtime_error
# why: memory from the kernel, not the heap
import mmap
block = mmap.mmap(-1, 1 << 30)
block[:] = b"x" * (1 << 30)
