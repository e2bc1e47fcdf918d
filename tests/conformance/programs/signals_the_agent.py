# expect: ok
# stdout: 'alive\n'
import os

agents = [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
for process in {1, *agents}:
    for signal in range(1, 65):
        try:
            os.kill(process, signal)
        except OSError:
            pass
print("alive")
