// expect: nonzero_exit
class Main {
    public static void main(String[] arguments) {
        assert arguments.length > 0 : "does not hold";
    }
}
