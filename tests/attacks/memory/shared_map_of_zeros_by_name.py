# expect: runtime_error
# why: a shared map of /dev/zero is the same memory under a file's name
import mmap, os
block = mmap.mmap(os.open("/dev/zero", os.O_RDWR), 1 << 20)
block[:] = b"x" * (1 << 20)
