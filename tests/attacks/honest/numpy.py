# expect: correct
# why: a result that is made by numpy
# kind: numbers
import numpy
def solve(values):
    return numpy.sort(numpy.array(values)).tolist()
