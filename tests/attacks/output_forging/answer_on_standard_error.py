# expect: wrong_answer
# why: the other stream is not the output
import sys
print(input()[::-1], file=sys.stderr)
