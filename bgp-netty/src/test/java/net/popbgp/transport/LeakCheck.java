package net.popbgp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Tracks every buffer while the tests of a class run, and fails the class if one was collected without having been released. */
final class LeakCheck implements BeforeAllCallback, AfterAllCallback {

    private final Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    private final ListAppender<ILoggingEvent> reports = new ListAppender<>();
    private ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();

    @Override
    public void beforeAll(ExtensionContext context) {
        begin();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        try {
            assertThat(leaks()).isEmpty();
        } finally {
            end();
        }
    }

    void begin() {
        before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        reports.list = new CopyOnWriteArrayList<>();
        reports.start();
        logger.setAdditive(false);
        logger.addAppender(reports);
    }

    /** A leak shows after the buffer was collected, when the next one is made. */
    List<String> leaks() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        return reports.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    void end() {
        logger.detachAppender(reports);
        logger.setAdditive(true);
        ResourceLeakDetector.setLevel(before);
    }
}
