# expect: wrong_answer
# why: the agent talks to the worker through a socket somewhere
import os, socket
for path in ("/run/agent/agent.sock", "/var/run/docker.sock", "/tmp/agent.sock"):
    for kind in (socket.SOCK_SEQPACKET, socket.SOCK_STREAM):
        try:
            peer = socket.socket(socket.AF_UNIX, kind)
            peer.connect(path)
            print("connected", path)
            raise SystemExit(1)
        except OSError:
            pass
print("none")
