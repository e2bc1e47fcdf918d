# expect: wrong_answer
# why: the code that later test cases run lies in shared memory somewhere
import marshal, os
evil = marshal.dumps(compile("print('x')", "main.py", "exec"))
for number in range(3, 256):
    for path in (None, f"/proc/self/fd/{number}", f"/proc/1/fd/{number}"):
        try:
            descriptor = number if path is None else os.open(path, os.O_WRONLY)
            os.pwrite(descriptor, evil, 0)
        except OSError:
            pass
print("rewritten")
