# expect: wrong_answer
# why: the kernel signals whom a file's owner is said to be: its readiness, a folder's changes, a lease
import fcntl, os, signal, socket, time
SET_SIGNAL = 10
def to_the_agent(descriptor, number):
    fcntl.fcntl(descriptor, SET_SIGNAL, number)
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, 1)
def try_to(act):
    try:
        act()
    except OSError as error:
        print(error)
for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGINT, signal.SIGTERM):
    ours, theirs = socket.socketpair()
    try_to(lambda: to_the_agent(ours, number))
    try_to(lambda: fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK))
    theirs.send(b"x")
    folder = os.open("/tmp", os.O_RDONLY)
    try_to(lambda: to_the_agent(folder, number))
    try_to(lambda: fcntl.fcntl(folder, fcntl.F_NOTIFY, fcntl.DN_CREATE | fcntl.DN_DELETE | fcntl.DN_MULTISHOT))
file = os.open("/tmp/leased", os.O_CREAT | os.O_RDONLY)
try_to(lambda: to_the_agent(file, signal.SIGKILL))
try_to(lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK))
if os.fork() == 0:
    os.setsid()
    time.sleep(60)  # its descriptors are open when the folder is emptied
print("asked")
