# expect: wrong_answer
# why: the input's descriptor may hold more than this test case
import os, sys
os.lseek(0, 0, os.SEEK_SET)
data = os.read(0, 1 << 20)
print(data, os.fstat(0).st_size, os.readlink("/proc/self/fd/0"))
