# expect: time_limit_exceeded
# why: a thread that is no daemon keeps the process open
import threading, time
threading.Thread(target=time.sleep, args=(60,)).start()
print(input()[::-1])
