# expect: runtime_error
# why: the agent has seen other programs
open("/proc/1/mem", "rb").read(1)
