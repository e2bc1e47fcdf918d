# expect: wrong_answer | time_limit_exceeded | output_limit_exceeded
# why: takes its own output out of the pipe again so that no one counts it
import os
mine = os.open("/dev/stdout", os.O_RDONLY | os.O_NONBLOCK)
for _ in range(1000):
    os.write(1, b"x" * 4096)
    try:
        os.read(mine, 4096)
    except BlockingIOError:
        pass
print("clean")
