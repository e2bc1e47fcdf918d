# expect: invalid_ground_truth
# why: names of the library's own functions, found and called: no code is made for that
# kind: configured_referee named_referee
def solve(value):
    return {"x": "json" if CALLS.append(value) or len(CALLS) > 1 else "json.loads", "y": "[1, 2]"}[value]
CALLS = []
