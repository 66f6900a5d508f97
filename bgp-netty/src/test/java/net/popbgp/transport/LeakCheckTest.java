package net.popbgp.transport;

import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class LeakCheckTest {

    private static void leak() {
        PooledByteBufAllocator.DEFAULT.directBuffer(1).writeByte(1);
    }

    @Test
    void buffer_that_nobody_released_is_noticed() {
        LeakCheck check = new LeakCheck();
        check.begin();
        try {
            leak();

            await().until(() -> check.leaks().stream().anyMatch(report -> report.contains("LEAK")));
        } finally {
            check.end();
        }
    }
}
