# expect: wrong_answer | memory_limit_exceeded
# why: memory that an earlier run of this program touched may still be there
import mmap
text = input()
block = mmap.mmap(-1, 16 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
print(sorted(set(block[:])), bytearray(8 << 20).count(0) == 8 << 20, text)
