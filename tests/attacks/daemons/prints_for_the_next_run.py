# expect: wrong_answer
# why: a process of one run that outlives it and writes into what it was given as standard output
import os, time
text = input()
if text.startswith("quelle"):
    print(text[::-1], flush=True)
    if os.fork() == 0:
        os.setsid()
        for _ in range(1000):
            time.sleep(0.0005)
            os.write(1, b"2400 elcanrab\n")
else:
    time.sleep(0.02)
