# expect: wrong_answer
# why: tries to write a host file through links, parents and /proc
import os
for path in ("@CANARY@", "/proc/1/root@CANARY@", "/proc/self/root@CANARY@", "/tmp/../@CANARY@", "/proc/thread-self/cwd/@CANARY@"):
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "w").write("dead")
    except OSError:
        pass
print("tried")
