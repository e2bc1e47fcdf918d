# expect: memory_limit
all = []
loop { all << "x" * (1 << 22) }
