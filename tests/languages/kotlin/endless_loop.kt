// expect: time_limit
fun main() { while (true) {} }
