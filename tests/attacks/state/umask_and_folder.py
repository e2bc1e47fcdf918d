# expect: wrong_answer
# why: what a process inherits
import os
os.umask(0o777)
os.chdir("/")
os.environ["PYTHONSTARTUP"] = "/tmp/evil.py"
os.putenv("LD_PRELOAD", "/tmp/evil.so")
print("moved")
