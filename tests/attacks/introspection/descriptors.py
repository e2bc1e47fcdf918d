# expect: wrong_answer
# why: every open descriptor is read from its beginning
# kind: stdin call
import os
def solve(text):
    seen = []
    for name in os.listdir("/proc/self/fd"):
        path = f"/proc/self/fd/{name}"
        try:
            seen.append((name, os.readlink(path)))
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            seen.append(os.read(descriptor, 4096))
        except OSError as error:
            seen.append(type(error).__name__)
    return repr(seen)
print(solve(""))
