// expect: memory_limit
import java.nio.*;
import java.util.*;

public class Main {
    public static void main(String[] args) throws Exception {
        var field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
        field.setAccessible(true);
        var unsafe = (sun.misc.Unsafe) field.get(null);
        while (true) {
            long place = unsafe.allocateMemory(1 << 20);
            unsafe.setMemory(place, 1 << 20, (byte) 1);
        }
    }
}
