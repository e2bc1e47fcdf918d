# expect: correct
# why: another interpreter does the work
import subprocess, sys
text = input()
print(subprocess.run([sys.executable, "-c", "print(input()[::-1])"], input=text, capture_output=True, text=True, check=True).stdout.strip())
