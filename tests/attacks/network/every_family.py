# expect: wrong_answer
# why: sockets are more than the internet, of which a run has its own loopback
import socket
opened = []
for family in range(50):
    for kind in (1, 2, 3, 5):
        try:
            socket.socket(family, kind).close()
            opened.append(family)
        except OSError:
            pass
assert set(opened) <= {1, 2, 10}, opened
print(set(opened))
