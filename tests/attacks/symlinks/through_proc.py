# expect: wrong_answer
# why: /proc is full of links to what a process holds
import os
seen = []
for process in filter(str.isdigit, os.listdir("/proc")):
    for name in ("root", "cwd", "exe", "ns/mnt", "ns/pid"):
        try:
            seen.append(os.listdir(f"/proc/{process}/{name}/work") if name in ("root", "cwd") else os.readlink(f"/proc/{process}/{name}"))
        except OSError:
            pass
print(seen)
