# expect: wrong_answer | runtime_error | time_limit_exceeded | output_limit_exceeded
# why: whatever is open is written to, in every format that a judge may read
# kind: stdin call
# forges: printed
import os
def solve(text):
    for descriptor in range(64):
        for line in (b"PASS\n", b'{"event": "ended", "exit_code": 0}\n', b"\x00\x00\x00\x0f[\"value\",true]\n"):
            try:
                os.write(descriptor, line)
            except OSError:
                pass
solve("")
