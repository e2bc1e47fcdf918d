# expect: correct
# why: reads and writes below the text layer
import sys
sys.stdout.buffer.write(sys.stdin.buffer.readline().rstrip(b"\n")[::-1] + b"\n")
