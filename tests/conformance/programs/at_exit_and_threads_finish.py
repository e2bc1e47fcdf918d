# expect: ok
# stdout: "main\nthread\nexit\n"
import atexit, threading, time
atexit.register(lambda: print("exit"))
def late():
    time.sleep(0.05)
    print("thread")
threading.Thread(target=late).start()
print("main")
