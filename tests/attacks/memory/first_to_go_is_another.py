# expect: wrong_answer
# why: asks the kernel to end others first when memory runs out
for process in ("self", "1"):
    for value in ("-1000", "0", "999"):
        try:
            open(f"/proc/{process}/oom_score_adj", "w").write(value)
            assert value == "1000" or process == "self"
        except OSError:
            pass
assert int(open("/proc/self/oom_score_adj").read()) >= 999 or print("protected")
print("tried")
