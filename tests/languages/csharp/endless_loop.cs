// expect: time_limit
class Loop { static void Main() { while (true) { } } }
