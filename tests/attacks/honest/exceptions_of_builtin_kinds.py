# expect: correct
# why: raises what is a ValueError among others
# kind: raising_referee
import json
def solve(n):
    if n < 0:
        json.loads("no number")
    return n // 2
