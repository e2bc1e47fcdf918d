# expect: time_limit_exceeded
# why: right output does not excuse an overrun limit
print(input()[::-1], flush=True)
while True:
    pass
