# expect: wrong_answer
# why: pages that cannot be swapped are taken from everyone
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print(libc.mlockall(3), libc.mlock(ctypes.create_string_buffer(1 << 20), 1 << 20))
