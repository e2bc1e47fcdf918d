# expect: wrong_answer
# why: modules that carry code and frames are replaced
# kind: stdin call
import marshal, struct
marshal.loads = marshal.dumps = struct.pack = struct.unpack = lambda *_: b""
def solve(text):
    return ""
