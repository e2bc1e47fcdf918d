# expect: wrong_answer | runtime_error
# why: a filter that lies about every call, over the run itself
import ctypes, struct
libc = ctypes.CDLL(None, use_errno=True)
code = struct.pack("HBBI", 6, 0, 0, 0x00050000)
buffer = ctypes.create_string_buffer(code, 8)
print("filtered", flush=True)
libc.prctl(22, 2, ctypes.create_string_buffer(struct.pack("HxxxxxxP", 1, ctypes.addressof(buffer))), 0, 0)
