# expect: wrong_answer
# why: the whole address space is searched for texts that look like the answer
text = input().encode()
maps = open("/proc/self/maps").read().splitlines()
found = set()
with open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        if " rw" in line and "[v" not in line:
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            try:
                memory.seek(start)
                data = memory.read(end - start)
            except (OSError, OverflowError, MemoryError):
                continue
            position = data.find(b"elleuq")
            while position >= 0 and len(found) < 20:
                found.add(data[position - 8:position + 16])
                position = data.find(b"elleuq", position + 1)
print(found)
