# expect: wrong_answer
# why: asks for every capability, in every set
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
header = (ctypes.c_uint32 * 2)(0x20080522, 0)
assert libc.capset(header, (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)) == -1
for capability in range(41):
    assert libc.prctl(47, 2, capability, 0, 0) == -1
print("none")
