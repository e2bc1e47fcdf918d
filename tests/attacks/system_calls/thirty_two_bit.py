# expect: runtime_error | wrong_answer
# why: the old interrupt has a table of its own, which a filter by number does not mean
import ctypes, mmap, platform
assert platform.machine() == "x86_64"
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
# mov eax, 20 (getpid); int 0x80; ret
page.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
print("answered", call())
