// expect: memory_limit
val all = ArrayList<LongArray>()
while (true) all.add(LongArray(1 shl 19))
