# expect: ok
# stdout: "10000"
# why: suites of public sets make so many, with a file in each
import os
import sys

for number in range(10_000):
    os.mkdir(f"/tmp/{number}")
    with open(f"/tmp/{number}/file", "w") as file:
        file.write("content")
sys.stdout.write(str(sum(len(files) for _, _, files in os.walk("/tmp"))))
