# expect: wrong_answer | runtime_error | output_limit_exceeded | time_limit_exceeded
# why: the same, where a test program of its own iterates
# kind: summed_referee sorted_referee as_set_referee joined_referee unpacked_referee indexed_referee consumed_referee same_list_referee member_referee
def solve(value):
    return range(10 ** 18)
