# expect: output_limit_exceeded
# why: a line that never ends, for readers of lines
import sys
while True:
    sys.stdout.write("x" * 65536)
