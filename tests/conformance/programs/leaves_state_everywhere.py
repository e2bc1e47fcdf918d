# expect: ok
import os, sys
for folder in ("/tmp", "/dev/shm", "/mnt"):
    os.makedirs(f"{folder}/deep/er")
    open(f"{folder}/deep/er/file", "w").write("x")
    os.symlink("/etc/passwd", f"{folder}/link")
    os.mkfifo(f"{folder}/fifo")
    os.chmod(f"{folder}/deep", 0)
open("/tmp/heapq.py", "w").write("raise SystemExit('shadowed')")
open("/tmp/sitecustomize.py", "w").write("raise SystemExit('customized')")
