# expect: ok
# stdout: 'here\n'
# CLONE_PARENT: not its children but the agent's own, which no ordinary wait(2) reaps.
import ctypes
import platform
import time

clone = {"x86_64": 56, "aarch64": 220}[platform.machine()]
for _ in range(3):
    if ctypes.CDLL(None).syscall(clone, 0x8000, 0, 0, 0, 0) == 0:
        time.sleep(1000)
print("here")
