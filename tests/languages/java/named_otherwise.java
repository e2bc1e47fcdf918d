// expect: ok
// stdout: "7 é\n"
interface Shape { int area(); }
record Square(int side) implements Shape { public int area() { return side * side; } }

final class Helper {
    static int three() { return 3; }
}

public class Solution {
    static class Inner { int four = 4; }

    public static void main(String... args) {
        System.out.println(Helper.three() + new Inner().four + " é");
    }
}
