# expect: correct
# why: what is closed has been written
import sys
print(input()[::-1])
sys.stdout.close()
