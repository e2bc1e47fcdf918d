// expect: nonzero_exit
import org.junit.jupiter.api.Test;
import static org.junit.jupiter.api.Assertions.*;

class FailsTest {
    @Test void fails() { assertEquals(4, 5); }
}
