# expect: correct
# why: the well-known template that wraps both streams
import io, os, sys
class Fast(io.IOBase):
    def __init__(self, file):
        self.descriptor, self.buffer, self.writable = file.fileno(), io.BytesIO(), "x" in file.mode or "w" in file.mode
    def readline(self):
        return os.read(self.descriptor, 1 << 16)
    def write(self, data):
        return os.write(self.descriptor, data)
sys.stdin, sys.stdout = Fast(sys.stdin), Fast(sys.stdout)
sys.stdout.write(sys.stdin.readline().rstrip()[::-1] + b"\n")
