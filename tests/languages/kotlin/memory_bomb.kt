// expect: memory_limit
fun main() { val all = ArrayList<LongArray>(); while (true) all.add(LongArray(1 shl 19)) }
