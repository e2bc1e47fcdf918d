# expect: invalid_ground_truth
# why: a pickle whose names lead from a harmless class to eval
# kind: unpickled_referee
def solve(value):
    path = b"OrderedDict.fromkeys.__self__.__init__.__class__"
    return b"\x80\x04\x8c\x0bcollections\x8c" + bytes([len(path)]) + path + b"\x93."
