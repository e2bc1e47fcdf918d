# expect: runtime_error | time_limit_exceeded | memory_limit_exceeded
# why: new programs instead of copies
import subprocess, sys
program = "import subprocess, sys\nwhile True: subprocess.Popen([sys.executable, '-c', sys.argv[1], sys.argv[1]])"
while True:
    subprocess.Popen([sys.executable, "-c", program, program], stderr=subprocess.DEVNULL)
