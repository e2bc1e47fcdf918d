# expect: wrong_answer | runtime_error
# why: descriptors parked in a socket count for no one
import array, os, socket
try:
    for _ in range(100):
        left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        for _ in range(10):
            socket.send_fds(left, [b"x"], [left.fileno(), right.fileno()] * 50)
        left.detach()
        right.detach()
except OSError as error:
    print(error)
print("in flight")
