# expect: wrong_answer
# why: what lies there afterwards
import os
for place in ("/tmp", "/dev/shm", "/mnt", "/var/tmp", "/run", "/dev/mqueue", os.path.expanduser("~"), os.getcwd()):
    try:
        open(f"{place}/left", "w").write("left")
        os.makedirs(f"{place}/deep/er")
    except OSError:
        pass
print("left")
