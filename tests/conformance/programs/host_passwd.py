# expect: ok
# stdout: "nobody we know\n"
names = [line.split(":")[0] for line in open("/etc/passwd")]
print("nobody we know" if "ubuntu" not in names and "redis" not in names else names)
