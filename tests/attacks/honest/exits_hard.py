# expect: correct
# why: skips a slow shutdown once the output is out
import os, sys
print(input()[::-1])
sys.stdout.flush()
os._exit(0)
