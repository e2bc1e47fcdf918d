# expect: runtime_error
# why: files without a name are held by their descriptors alone
import tempfile
kept = []
for number in range(2000):
    file = tempfile.TemporaryFile()
    file.write(bytes(250_000))
    file.flush()
    kept.append(file)
