// expect: memory_limit
object Main { def main(arguments: Array[String]): Unit = { var all = List[Array[Long]](); while (true) all = new Array[Long](1 << 19) :: all } }
