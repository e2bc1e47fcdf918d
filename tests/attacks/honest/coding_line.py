# expect: correct
# why: an old habit in the first line
# -*- coding: latin-1 -*-
print(input()[::-1])
