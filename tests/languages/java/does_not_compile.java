// expect: compile_error
// message: "incompatible types"
public class Main {
    public static void main(String[] args) { int x = "text"; }
}
