# expect: wrong_answer | runtime_error
# why: very many names of one file
import os
open("/tmp/a", "w").close()
try:
    for number in range(100_000):
        os.link("/tmp/a", f"/tmp/{number}")
except OSError as error:
    print(error.errno)
