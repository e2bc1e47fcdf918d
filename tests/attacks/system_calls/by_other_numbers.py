# expect: wrong_answer | runtime_error
# why: the same calls by the numbers of the x32 and of future tables
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for number in (101, 165, 41, 272, 425):
    assert libc.syscall(number | 0x40000000, 2, 1, 0, 0, 0) == -1, number
for number in range(451, 600):
    assert libc.syscall(number, 0, 0, 0, 0, 0, 0) == -1, number
print("refused")
