// expect: memory_limit
import java.util.*;

public class Main {
    public static void main(String[] args) {
        List<int[]> bomb = new ArrayList<>();
        while (true) bomb.add(new int[1 << 22]);
    }
}
