# expect: wrong_answer | runtime_error
# why: the suite passes the answer back in; that it cannot travel is the candidate's doing
# kind: round_trip round_trip_referee asked_again asked_again_referee
def solve(value):
    return [object()] * 2
