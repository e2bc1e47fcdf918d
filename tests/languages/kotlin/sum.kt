// expect: ok
// stdin: "1 2\n"
// stdout: "3\n"
fun main() { println(readLine()!!.split(" ").map { it.toInt() }.sum()) }
