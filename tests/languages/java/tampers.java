// expect: ok
// stdout: "clean\n"
// runs: 3
import java.io.*;
import java.nio.file.*;

public class Main {
    public static void main(String[] args) throws Exception {
        boolean found = new File("/tmp").list().length + new File("/dev/shm").list().length > 0;
        System.out.println(found ? "found something" : "clean");
        for (String way : new String[] {"/proc/self/fd/3", "/dev/fd/3", "/tmp/Main.class", "/dev/shm/left"}) {
            try (var file = new FileOutputStream(way)) {
                file.write("altered".getBytes());
            } catch (IOException refused) {
            }
        }
        Files.createDirectories(Path.of("/tmp/classes/deep/er"));
    }
}
