# expect: wrong_answer
# why: whoever cleans up or reads follows them
import os
for number, target in enumerate(("/", "/etc", "/etc/passwd", "@CANARY@", "/proc/1/root", "..")):
    os.symlink(target, f"/tmp/link{number}")
    os.symlink(target, f"/dev/shm/link{number}")
print("linked")
