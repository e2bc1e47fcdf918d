# expect: correct
# why: the last line is not ended
import sys
sys.stdout.write(input()[::-1])
