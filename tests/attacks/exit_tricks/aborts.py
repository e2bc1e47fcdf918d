# expect: runtime_error
# why: ends by SIGABRT from within C
# kind: stdin call
import os
os.abort()
