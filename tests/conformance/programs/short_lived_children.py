# expect: ok
# stdout: '300\n'
import os

count = 0
for _ in range(300):
    child = os.fork()
    if child == 0:
        os._exit(0)
    count += os.waitpid(child, 0)[1] == 0
print(count)
