# expect: wrong_answer
# why: what may not be read may still have to be removed
import os
for place in ("/tmp", "/dev/shm", "/mnt"):
    os.makedirs(f"{place}/a/b/c")
    open(f"{place}/a/b/file", "w").close()
    os.chmod(f"{place}/a/b", 0)
    os.chmod(f"{place}/a", 0)
print("hidden")
