# expect: wrong_answer
# why: knows which test case this is by what earlier ones left in files
import os
path = "/tmp/count"
count = int(open(path).read()) if os.path.exists(path) else 0
open(path, "w").write(str(count + 1))
print(count)
