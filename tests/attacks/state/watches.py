# expect: wrong_answer | runtime_error
# why: watches on files tell what the next run does
import ctypes, os, time
libc = ctypes.CDLL(None)
watching = libc.inotify_init1(0)
for place in (b"/tmp", b"/dev/shm", b"/usr/lib", b"/"):
    libc.inotify_add_watch(watching, place, 0xFFF)
if os.fork() == 0:
    os.setsid()
    os.read(watching, 4096)
    open("/tmp/seen", "w").write("seen")
    time.sleep(60)
print("watching")
