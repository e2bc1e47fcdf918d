# expect: wrong_answer | runtime_error | output_limit_exceeded
# why: a few bytes that are 10**18 items for whoever iterates
# kind: call reversal summed sorted as_set joined unpacked indexed consumed same_list
def solve(value):
    return range(10 ** 18)
