# expect: output_limit | ok
import os
if os.fork() == 0:
    while True:
        os.write(1, b"x" * 65536)
