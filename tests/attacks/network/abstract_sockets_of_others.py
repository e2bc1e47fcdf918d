# expect: wrong_answer
# why: every socket that /proc tells of is called
import socket
called = []
for line in open("/proc/net/unix").read().splitlines()[1:]:
    name = line.split()[7:]
    for path in name:
        for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
            try:
                socket.socket(socket.AF_UNIX, kind).connect(path.replace("@", "\0", 1))
                called.append(path)
            except OSError:
                pass
assert not called, called
print("nobody")
