# expect: wrong_answer
# why: C programs would stop comparing at the null byte
print(input()[::-1] + "\0garbage")
