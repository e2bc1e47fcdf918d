# expect: wrong_answer
# why: an exit handler that turns failure into status 0
# forges: exit_code
import atexit, os
atexit.register(os._exit, 0)
raise ValueError("failed")
