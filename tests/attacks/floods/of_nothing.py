# expect: output_limit_exceeded | time_limit_exceeded
# why: one byte at a time
import os
while True:
    os.write(1, b"x")
