package net.popbgp.daemon.http;

import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.popbgp.daemon.event.EventFilter;
import net.popbgp.daemon.event.EventPage;
import net.popbgp.daemon.event.EventStore;
import net.popbgp.daemon.event.StoredEvent;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams of server-sent events, at most {@link #MAX_STREAMS}, each on a thread of its own that reads the store by cursor: however slow a
 * reader is, nothing waits for it and nothing is queued for it. One that takes nothing for a time is cut off; it goes on where it was when
 * it comes back with the id of the last event it got.
 *
 * <p>Thread-safe.
 */
final class EventStreams implements AutoCloseable {

    /** The most streams at a time; further ones are answered with 503. */
    static final int MAX_STREAMS = 32;

    /** How long a reader may take nothing. */
    static final Duration STALL = Duration.ofSeconds(20);

    /** Between two signs of life of a stream that has nothing to tell. */
    static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final int PAGE = 200;
    private static final Logger LOG = LoggerFactory.getLogger("popbgp.http");

    private static final class Stream {
        final EventFilter filter;
        final EndPoint endPoint;
        long cursor;

        /** When the write began that is not done yet; 0 while there is none. */
        volatile long writingSince;

        Stream(EventFilter filter, EndPoint endPoint, long cursor) {
            this.filter = filter;
            this.endPoint = endPoint;
            this.cursor = cursor;
        }
    }

    private final EventStore events;
    private final Duration stall;
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0, 2 * MAX_STREAMS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), named("popbgp-stream"));
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(named("popbgp-streams"));
    private volatile boolean closed;

    EventStreams(EventStore events, Duration stall) {
        this.events = events;
        this.stall = stall;
        long period = Math.max(1, stall.toMillis() / 4);
        watch.scheduleWithFixedDelay(this::cutOff, period, period, TimeUnit.MILLISECONDS);
    }

    private static ThreadFactory named(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Begins a stream with what comes after the cursor. */
    void open(Context context, EventFilter filter, long cursor) {
        if (open.incrementAndGet() > MAX_STREAMS || closed) {
            open.decrementAndGet();
            context.header("Retry-After", "10");
            throw new HttpResponseException(503, "there are " + MAX_STREAMS + " streams of events already");
        }
        Stream stream = new Stream(filter, endPoint(context), cursor);
        context.contentType("text/event-stream;charset=utf-8")
                .header("Cache-Control", "no-store")
                .header("X-Accel-Buffering", "no");
        context.async(
                config -> {
                    config.executor = threads;
                    config.timeout = 0;
                },
                () -> {
                    streams.add(stream);
                    try {
                        run(stream, context.res().getOutputStream());
                    } catch (IOException | IllegalStateException e) {
                        LOG.debug("event=stream-ended", e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        streams.remove(stream);
                        open.decrementAndGet();
                    }
                });
    }

    private static EndPoint endPoint(Context context) {
        return ServletContextRequest.getServletContextRequest(context.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
    }

    private void run(Stream stream, ServletOutputStream out) throws IOException, InterruptedException {
        write(stream, out, "retry: 2000\n\n");
        while (!closed) {
            EventPage page = events.after(stream.cursor, stream.filter, PAGE);
            StringBuilder text = new StringBuilder();
            if (page.gap()) {
                text.append("event: gap\ndata: {\"message\":\"events after ")
                        .append(stream.cursor)
                        .append(" are not kept any more\"}\n\n");
            }
            page.events().forEach(each -> append(text, each));
            boolean moved = page.cursor() != stream.cursor;
            stream.cursor = page.cursor();
            if (!text.isEmpty()) {
                write(stream, out, text.toString());
            } else if (!page.more() && !events.awaitAfter(stream.cursor, HEARTBEAT) || moved && page.more()) {
                write(
                        stream,
                        out,
                        "id: " + stream.cursor + "\n: heartbeat\n\n"); // so that a filter's reader gets on too
            }
        }
    }

    private static void append(StringBuilder text, StoredEvent event) {
        text.append("id: ")
                .append(event.id())
                .append("\ndata: ")
                .append(EventViews.event(event))
                .append("\n\n");
    }

    private static void write(Stream stream, ServletOutputStream out, String text) throws IOException {
        stream.writingSince = System.nanoTime() | 1;
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
        stream.writingSince = 0;
    }

    private void cutOff() {
        long now = System.nanoTime();
        for (Stream stream : streams) {
            long since = stream.writingSince;
            if (since != 0 && now - since > stall.toNanos()) {
                LOG.info("event=stream-cut-off reason=\"takes nothing\" after-event={}", stream.cursor);
                stream.endPoint.close();
            }
        }
    }

    /** Ends those that there are; new ones can be opened. */
    void end() {
        streams.forEach(stream -> stream.endPoint.close());
    }

    /** {@return how many there are} */
    int size() {
        return open.get();
    }

    @Override
    public void close() {
        closed = true;
        watch.shutdownNow();
        threads.shutdownNow(); // wakes those that wait for events
        end();
    }
}
