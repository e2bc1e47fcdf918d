# expect: correct
# why: a faster `print` of its own
import sys
def print(*values):
    sys.stdout.write(" ".join(map(str, values)) + "\n")
input = lambda: sys.stdin.readline().rstrip("\n")
print(input()[::-1])
