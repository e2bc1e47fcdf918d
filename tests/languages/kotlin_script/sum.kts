// expect: ok
// stdin: "1 2\n"
// stdout: "3\n"
println(readLine()!!.split(" ").map { it.toInt() }.sum())
