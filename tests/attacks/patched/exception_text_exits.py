# expect: runtime_error
# why: formatting the exception ends the process
# kind: call referee
import os
class Failure(Exception):
    def __str__(self):
        os._exit(0)
def solve(text):
    raise Failure
