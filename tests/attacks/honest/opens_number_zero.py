# expect: correct
# why: `open(0)` is the shortest way to all of the input
print(open(0).read().strip()[::-1])
