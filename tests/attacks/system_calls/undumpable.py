# expect: wrong_answer
# why: a process that hides its own /proc from the one who measures it
import ctypes
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
print("hidden")
