# expect: runtime_error | wrong_answer
# why: raises what a broken suite would raise
# kind: call referee raising_referee round_trip_referee
def solve(value):
    raise NameError("name 'helper' is not defined")
