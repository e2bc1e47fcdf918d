# expect: wrong_answer
# why: the pipe's other end, opened by its name, would let a run ask itself
# kind: call referee
import os
def solve(text):
    seen = []
    for number in range(3, 64):
        for flags in (os.O_RDONLY | os.O_NONBLOCK, os.O_WRONLY | os.O_NONBLOCK):
            try:
                seen.append((number, os.open(f"/proc/self/fd/{number}", flags)))
            except OSError as error:
                pass
    return repr(seen)
