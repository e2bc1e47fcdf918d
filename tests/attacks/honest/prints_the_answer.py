# expect: correct
# why: the suite looks at what it prints
# kind: printed_referee
def solve(text):
    print(text[::-1])
