# expect: wrong_answer | runtime_error
# why: deeper than a path may be long
import os
try:
    for _ in range(3000):
        os.mkdir("d")
        os.chdir("d")
except OSError as error:
    print(error)
