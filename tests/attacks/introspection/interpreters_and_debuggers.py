# expect: wrong_answer
# why: the tools that look into a running interpreter
# kind: stdin call
import faulthandler, sys, tracemalloc
def solve(text):
    tracemalloc.start()
    seen = [repr(frame) for frame in sys._current_frames().values()]
    faulthandler.dump_traceback(all_threads=True)
    return str(seen)
print(solve(""))
