// expect: ok
// stdin: "1 2\n"
// stdout: "3\n"
object Sum { def main(arguments: Array[String]): Unit = println(scala.io.StdIn.readLine().split(" ").map(_.toInt).sum) }
