# expect: wrong_answer | runtime_error
# why: standard output is pointed at the input
import os
os.dup2(0, 1)
print(input()[::-1])
