# expect: output_limit_exceeded
# why: the other stream without end
import sys
while True:
    sys.stderr.write("x" * 4096)
