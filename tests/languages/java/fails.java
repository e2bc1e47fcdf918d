// expect: nonzero_exit
// message: "at Main.main"
public class Main {
    public static void main(String[] args) { System.out.println(new int[0][0]); System.out.println(new int[1][0][0]); System.out.println(new int[0].length / new int[0].length); }
}
