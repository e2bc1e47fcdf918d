# expect: correct
# why: an array, where the suite makes a list of it
# kind: consumed consumed_referee
import numpy
def solve(text):
    return numpy.array(list(text))[::-1]
