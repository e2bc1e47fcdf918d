# expect: runtime_error | time_limit_exceeded | memory_limit_exceeded
# why: a pool of more workers than there may be processes
# limits: {"cpu_s": 2, "wall_s": 1}
import multiprocessing, time
def nap(_):
    time.sleep(60)
multiprocessing.get_context("fork").Pool(500).map(nap, range(500))
