// expect: ok
import org.junit.jupiter.api.Test;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.*;

public class Doubled {
    static int doubled(int n) { return 2 * n; }
}

class DoubledTest {
    @Test void doubles() { assertEquals(4, Doubled.doubled(2)); }
    @Test void doublesZero() { assertThat(Doubled.doubled(0)).isZero(); }
}
