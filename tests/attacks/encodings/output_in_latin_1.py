# expect: wrong_answer
# why: output bytes that are no UTF-8
import sys
sys.stdout.buffer.write("\u00e9\u00ff".encode("latin-1"))
