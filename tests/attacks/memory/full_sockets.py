# expect: wrong_answer | runtime_error | memory_limit_exceeded | time_limit_exceeded
# why: bytes that wait in sockets are the kernel's memory
# limits: {"cpu_s": 2, "wall_s": 1}
import socket
kept = []
try:
    while True:
        left, right = socket.socketpair()
        left.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)
        left.setblocking(False)
        kept += [left, right]
        try:
            while True:
                left.send(bytes(1 << 16))
        except BlockingIOError:
            pass
except OSError as error:
    print(error)
