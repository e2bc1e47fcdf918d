# expect: wrong_answer | runtime_error
# why: ends the process past every handler, with the status of success
# kind: stdin call
# forges: exit_code
import os
os._exit(0)
