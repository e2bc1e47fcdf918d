# expect: runtime_error
# why: a file that claims to be a terabyte
import os
os.truncate(os.open("/tmp/file", os.O_CREAT | os.O_RDWR), 1 << 40)
