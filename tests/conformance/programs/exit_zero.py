# expect: ok
# stdout: ""
import sys
sys.exit(0)
