# expect: time_limit_exceeded | memory_limit_exceeded
# why: the compiler computes what looks constant
# kind: stdin call
x = 2 ** 2 ** 2 ** 2 ** 2 ** 2 ** 2
