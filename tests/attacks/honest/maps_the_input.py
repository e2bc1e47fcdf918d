# expect: correct
# why: the input as memory
import mmap
print(mmap.mmap(0, 0, access=mmap.ACCESS_READ)[:].decode().strip()[::-1])
