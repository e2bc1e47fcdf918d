# expect: ok
# stdout: "[0 1 2] [1, 2]\n"
import numpy
from sortedcontainers import SortedList
print(numpy.arange(3), list(SortedList([2, 1])))
