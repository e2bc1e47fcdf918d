// expect: time_limit
object Main { def main(arguments: Array[String]): Unit = while (true) {} }
