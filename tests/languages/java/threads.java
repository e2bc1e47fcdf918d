// expect: ok
// stdout: "499500\n"
import java.util.stream.*;

public class Main {
    public static void main(String[] args) throws Exception {
        Thread other = new Thread(() -> System.out.println(IntStream.range(0, 1000).parallel().sum()));
        other.start();
        other.join();
    }
}
