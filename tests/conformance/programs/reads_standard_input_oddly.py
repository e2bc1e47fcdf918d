# expect: ok
# stdin: "1\n2\n3\n"
# stdout: "1 1 2 3\n"
import sys
first = sys.stdin.buffer.readline().decode().strip()
print(first, *open("/dev/stdin").read().split())
