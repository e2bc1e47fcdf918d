# expect: wrong_answer
# why: io_uring, bpf, perf, userfaultfd, keyrings: where kernels break
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for number in (425, 426, 427, 321, 298, 323, 248, 249, 250, 317, 300, 303, 304, 135, 154, 447):
    assert libc.syscall(number, 0, 0, 0, 0, 0, 0) == -1, number
print("refused")
