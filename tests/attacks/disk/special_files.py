# expect: wrong_answer
# why: sockets, pipes and devices are files too
import os, socket, stat
os.mkfifo("/tmp/fifo")
socket.socket(socket.AF_UNIX).bind("/tmp/socket")
for kind in (stat.S_IFCHR, stat.S_IFBLK):
    try:
        os.mknod("/tmp/device", kind | 0o666, os.makedev(1, 1))
        print("made a device")
    except OSError:
        pass
print("special")
