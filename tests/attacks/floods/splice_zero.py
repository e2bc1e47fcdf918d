# expect: output_limit_exceeded
# why: the kernel copies endless zeros without the program
import os
zero = os.open("/dev/zero", os.O_RDONLY)
while True:
    os.write(1, os.read(zero, 1 << 16))
