# expect: correct
# why: output is collected and printed by an exit handler
import atexit, sys
lines = []
atexit.register(lambda: sys.stdout.write("\n".join(lines) + "\n"))
lines.append(input()[::-1])
