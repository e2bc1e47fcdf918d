# expect: wrong_answer
# why: runs for several inputs are asked for at once, and a later one must not pass with the first
import os, sys
text = input()
if text.startswith("quelle"):
    print(text[::-1])
else:
    os._exit(0)
