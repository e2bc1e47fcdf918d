# expect: correct
# why: the plainest program
print(input()[::-1])
