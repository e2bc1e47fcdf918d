# expect: time_limit_exceeded | memory_limit_exceeded
# why: computed in C without looking at signals
import math
math.factorial(10 ** 7)
