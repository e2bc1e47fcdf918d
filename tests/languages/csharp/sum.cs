// expect: ok
// stdin: "1 2\n"
// stdout: "3\n"
class Sum { static void Main() { Console.WriteLine(Console.ReadLine().Split(' ').Select(int.Parse).Sum()); } }
