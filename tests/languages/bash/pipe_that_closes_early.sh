# expect: ok
# stdout: "y\n"
while :; do echo y; done | head -n 1
