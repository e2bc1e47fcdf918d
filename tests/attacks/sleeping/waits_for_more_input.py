# expect: time_limit_exceeded | wrong_answer
# why: reads a pipe that nobody writes
import os
os.read(os.pipe()[0], 1)
