# expect: output_limit_exceeded
# why: many processes write to both
import os
for _ in range(5):
    os.fork()
while True:
    os.write(1, b"x" * 65536)
    os.write(2, b"x" * 65536)
