// expect: compile_error
object Main { def main(arguments: Array[String]): Unit = 1 + }
