# expect: wrong_answer | runtime_error
# why: another thread ends the process while the first still works
# kind: stdin call
# forges: exit_code
import os, threading, time
threading.Thread(target=lambda: os._exit(0)).start()
time.sleep(0.2)
