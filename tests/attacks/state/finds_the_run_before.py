# expect: correct
# why: runs for several inputs are asked for at once; each looks for what is left of those before it
import os, time
text = input()
traces = os.listdir("/tmp") + os.listdir("/dev/shm") + os.listdir("/mnt")
for descriptor in range(3, 256):
    try:
        traces.append(os.fstat(descriptor))
    except OSError:
        pass
for process in filter(str.isdigit, os.listdir("/proc")):
    try:
        if int(process) != os.getpid() and os.stat(f"/proc/{process}").st_uid == os.getuid() != 0:
            traces.append(process)
    except OSError:
        pass
open("/tmp/here", "w").close()
open("/dev/shm/here", "w").close()
if os.fork() == 0:
    os.setsid()
    time.sleep(3600)
print(traces or text[::-1])
