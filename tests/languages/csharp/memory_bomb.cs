// expect: memory_limit
class Bomb { static void Main() { var all = new List<long[]>(); while (true) { var more = new long[1 << 19]; for (int i = 0; i < more.Length; i += 512) more[i] = 1; all.Add(more); } } }
