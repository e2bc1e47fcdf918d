# expect: correct
# why: messages on the other stream
import sys
print("reading", file=sys.stderr)
print(input()[::-1])
