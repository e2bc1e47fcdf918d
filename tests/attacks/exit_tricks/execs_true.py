# expect: wrong_answer | runtime_error
# why: the process becomes a program that always succeeds
# kind: stdin call
import os
os.execv("/bin/true", ["true"])
