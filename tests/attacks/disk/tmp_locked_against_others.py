# expect: wrong_answer
# why: the next run could not use the place
import os
for place in ("/tmp", "/dev/shm", "/mnt"):
    for act in (lambda: os.chmod(place, 0), lambda: os.chown(place, os.getuid(), os.getgid()), lambda: os.rename(place, place + "2"), lambda: os.rmdir(place)):
        try:
            act()
        except OSError:
            pass
print("locked")
