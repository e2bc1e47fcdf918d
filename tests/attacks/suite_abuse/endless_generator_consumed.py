# expect: wrong_answer | runtime_error | output_limit_exceeded | time_limit_exceeded | memory_limit_exceeded
# why: an iterator that a suite drains
# kind: consumed consumed_referee summed summed_referee sorted joined unpacked same_list
import itertools
def solve(value):
    return itertools.count()
