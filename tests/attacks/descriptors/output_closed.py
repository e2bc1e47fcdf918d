# expect: wrong_answer
# why: no output at all
import os
os.close(1)
os.close(2)
