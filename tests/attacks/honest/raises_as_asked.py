# expect: correct
# why: the suite wants an exception
# kind: raising_referee
def solve(value):
    if value < 0:
        raise ValueError("negative")
    return int(value ** 0.5)
