# expect: time_limit_exceeded
# why: the main thread is done, another uses up the limit
import threading
def burn():
    while True:
        pass
threading.Thread(target=burn).start()
print(input()[::-1])
