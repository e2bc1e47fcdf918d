# expect: wrong_answer
# why: a name in the network's namespace, not in a file
import os, socket, time
server = socket.socket(socket.AF_UNIX)
server.bind("\0left")
server.listen()
if os.fork() == 0:
    os.setsid()
    time.sleep(60)
print("listening")
