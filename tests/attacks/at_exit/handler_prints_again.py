# expect: wrong_answer
# why: output after the end of the program counts as its output
import atexit
atexit.register(print, "more")
print(input()[::-1])
