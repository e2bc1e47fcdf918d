# expect: correct
# why: recursion to a depth of 50,000 in the main thread
# kind: stdin call
import sys
sys.setrecursionlimit(100_000)
def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)
def solve(text):
    depth(50_000)
    return text[::-1]
if __name__ == "__main__" and not sys.stdin.closed:
    text = sys.stdin.readline().strip()
    if text:
        print(solve(text))
