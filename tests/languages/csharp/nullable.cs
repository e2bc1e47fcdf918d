// expect: ok
// stdin: "2 x\n"
// stdout: "3 a?b! string? c!.d\n"
#nullable enable
using System;

class Program
{
    static string? Read(object? unused) { return Console.ReadLine(); }

    static void Main()
    {
        string? line = Read(null);
        int? number = line is string ? int.Parse(line!.Split(' ')[0]) : (int?) null;
        string?[] parts = { "a?b!", @"string? c!.d" };  // string? is text here
        Console.WriteLine((number! + 1) + " " + string.Join(" ", parts!));
    }
}
