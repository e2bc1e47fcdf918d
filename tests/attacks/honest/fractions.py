# expect: correct
# why: a number of another kind equals the plain one, and is as near to it
# kind: bounds bounds_referee close close_referee
from decimal import Decimal
from fractions import Fraction
def solve(n):
    if n == 1:
        return Decimal("0.25")
    return Fraction(1, 2)
