# expect: runtime_error
# why: services of the host listen there
import socket
socket.create_connection(("127.0.0.1", 6379), 1)
