# expect: time_limit_exceeded
# why: an open that never returns
import os
os.mkfifo("/tmp/fifo")
open("/tmp/fifo").read()
