# expect: correct
# why: numpy's own numbers in a plain list
# kind: numbers
import numpy
def solve(values):
    return [numpy.int64(v) if isinstance(v, int) else numpy.float64(v) for v in sorted(values)]
