# expect: wrong_answer | runtime_error | output_limit_exceeded | time_limit_exceeded
# why: the suite calls again for every item of an answer without end
# kind: asked_again asked_again_referee round_trip round_trip_referee
class Item(int):
    pass
def solve(value):
    return value if isinstance(value, int) else range(10 ** 12)
