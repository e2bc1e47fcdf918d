# expect: wrong_answer
# why: children that an ordinary wait does not see
import ctypes, os, platform, time
clone = {"x86_64": 56, "aarch64": 220}[platform.machine()]
if ctypes.CDLL(None).syscall(clone, 0, 0, 0, 0, 0) == 0:
    time.sleep(60)
    os._exit(0)
print("cloned")
