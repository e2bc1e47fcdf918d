# expect: runtime_error
# why: what is unmapped of shared memory is counted for nobody and stays while one page is mapped
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
size = 32 << 20
for _ in range(16):
    block = libc.mmap(None, size, 3, 0x21, -1, 0)
    assert block != 2 ** 64 - 1, "refused"
    ctypes.memset(block, 1, size)
    libc.munmap(block + 4096, size - 4096)
print("held")
