# expect: wrong_answer
# why: in a namespace of its own a program is root
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for flag in (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x00000080):
    assert libc.unshare(flag) == -1, hex(flag)
    if flag != 0x80:
        child = libc.syscall(56, flag | 17, 0, 0, 0, 0)
        if child == 0:
            os._exit(0)
        assert child == -1, hex(flag)
assert libc.setns(0, 0) == -1
assert libc.syscall(435, ctypes.create_string_buffer(88), 88) == -1
print("refused")
