# expect: runtime_error
# why: a segmentation fault in the process that would report
# kind: stdin call
import ctypes
ctypes.string_at(0)
