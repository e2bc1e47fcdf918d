# expect: runtime_error | memory_limit_exceeded
# why: multiprocessing's shared memory outlives its process
from multiprocessing import shared_memory
kept = [shared_memory.SharedMemory(create=True, size=1 << 20, name=f"left{n}") for n in range(200)]
for block in kept:
    block.buf[:] = bytes(1 << 20)
