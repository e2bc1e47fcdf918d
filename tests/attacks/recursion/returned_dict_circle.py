# expect: wrong_answer | output_limit_exceeded
# why: dicts that contain each other
# kind: call numbers
def solve(value):
    one, two = {}, {}
    one["two"], two["one"] = two, one
    return [one, two] * 50
