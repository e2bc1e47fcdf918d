# expect: ok
# stdout: '[1, 2, 10]\n'
import socket

opened = []
for family in range(1, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            socket.socket(family, kind).close()
        except OSError:
            continue
        opened.append(family)
print(sorted(set(opened)))
