# expect: time_limit_exceeded
# why: an exit handler that uses up the limit
import atexit
def forever():
    while True:
        pass
atexit.register(forever)
print(input()[::-1])
