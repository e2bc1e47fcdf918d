# expect: correct
# why: another wrapper around the same file
import io, sys
sys.stdout = io.TextIOWrapper(sys.stdout.detach(), encoding="utf-8", line_buffering=True)
print(input()[::-1])
