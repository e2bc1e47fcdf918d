# expect: runtime_error | wrong_answer
# why: throws SystemExit into the thread that runs the harness's own loop
# kind: call referee
import ctypes, threading, time
main = threading.get_ident()
def throw():
    time.sleep(0.02)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(main), ctypes.py_object(SystemExit))
def solve(text):
    threading.Thread(target=throw).start()
    return text
