# expect: runtime_error | time_limit_exceeded
# why: a look-up carries data out
# limits: {"cpu_s": 2, "wall_s": 1}
import socket
socket.getaddrinfo("example.com", 80)
