# expect: correct
# why: draws numbers, but none that matter
import random
text = input()
random.shuffle(list(text))
print(text[::-1])
