# expect: correct
# why: fast input of competitive programmers
import io, os
data = io.BytesIO(os.read(0, os.fstat(0).st_size)).readline
print(data().decode().rstrip()[::-1])
