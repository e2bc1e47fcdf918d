# expect: correct
# why: deep recursion with a larger stack in a thread, as templates do it
import sys, threading
sys.setrecursionlimit(10 ** 6)
threading.stack_size(64 << 20)
def reverse(text):
    return text if len(text) < 2 else reverse(text[1:]) + text[0]
def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)
def main():
    depth(20_000)
    print(reverse(input()))
thread = threading.Thread(target=main)
thread.start()
thread.join()
