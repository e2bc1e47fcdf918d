# expect: wrong_answer
# why: a walk that follows never ends
import os
os.mkdir("/tmp/a")
os.symlink("/tmp/a", "/tmp/a/b")
os.symlink("/tmp/d", "/tmp/c")
os.symlink("/tmp/c", "/tmp/d")
os.symlink(".", "/dev/shm/self")
print("circled")
