# expect: wrong_answer
# why: files beside the program that shadow what the next run imports
import os
for name in ("json", "heapq", "sitecustomize", "usercustomize", "_bisect", "agent"):
    with open(f"/tmp/{name}.py", "w") as file:
        file.write("import os\nos._exit(0)\n")
os.makedirs("/tmp/.local/lib/python3.11/site-packages")
open("/tmp/.local/lib/python3.11/site-packages/evil.pth", "w").write("import os; os._exit(0)\n")
print("planted")
