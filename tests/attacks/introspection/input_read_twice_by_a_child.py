# expect: wrong_answer
# why: a child seeks in the input that its parent shares
import os
if os.fork() == 0:
    os.lseek(0, 0, 0)
    print("child", os.read(0, 100))
    os._exit(0)
os.wait()
print("parent")
