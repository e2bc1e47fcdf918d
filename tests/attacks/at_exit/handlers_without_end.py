# expect: wrong_answer | time_limit_exceeded | memory_limit_exceeded
# why: every exit handler registers two more
import atexit
def more():
    atexit.register(more)
    atexit.register(more)
more()
