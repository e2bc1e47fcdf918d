// expect: nonzero_exit
fun main() { System.exit(3) }
