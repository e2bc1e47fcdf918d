# expect: wrong_answer | runtime_error
# why: bytes that wait in pipes are the kernel's memory
import fcntl, os
try:
    for _ in range(200):
        left, right = os.pipe()
        fcntl.fcntl(right, 1031, 1 << 20)
        os.set_blocking(right, False)
        os.write(right, bytes(1 << 20))
except OSError as error:
    print(error)
