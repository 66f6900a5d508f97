package net.popbgp.daemon.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.popbgp.daemon.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A process that stores events is killed in the middle of it. */
@Execution(ExecutionMode.CONCURRENT)
class KilledStoreIT {

    @TempDir
    private Path directory;

    /** Stores events as fast as it can and prints the id of each batch once it was published. */
    static final class Child {
        public static void main(String[] arguments) {
            EventStore store = EventStore.open(config(Path.of(arguments[0])), InstantSource.system());
            store.subscribe(events -> {
                System.out.println(events.get(events.size() - 1).id());
                System.out.flush();
            });
            for (int i = 0; ; i++) {
                store.accept(Events.of(i));
                while (store.status().waiting() > 1000) {
                    LockSupport.parkNanos(100_000);
                }
            }
        }
    }

    private static EventsConfig config(Path file) {
        return new EventsConfig(Optional.of(file), Duration.ofDays(36_500), 1L << 30);
    }

    @Test
    void events_that_were_published_are_there_after_kill_9() throws IOException, InterruptedException {
        Path file = directory.resolve("events.db");
        long before = 0;
        for (int round = 0; round < 3; round++) {
            long published = publishedByChild(file, 5);

            try (EventStore store = EventStore.open(config(file), InstantSource.system())) {
                assertThat(published).isGreaterThan(before);
                assertThat(store.status().alarm()).isEmpty();
                assertThat(store.lastId()).isGreaterThanOrEqualTo(published);
                List<StoredEvent> around = store.after(Math.max(published - 500, before), EventFilter.ALL, 400)
                        .events();
                assertThat(around).isNotEmpty().allMatch(each -> each.id() <= published);
                assertThat(store.before(published + 1, EventFilter.ALL, 1).events())
                        .extracting(StoredEvent::id)
                        .containsExactly(published);
                before = store.lastId();
            }
        }
        assertThat(directory.toFile().list()).noneMatch(name -> name.contains("damaged"));
    }

    /** Returns the last id that the child has told when it was killed. */
    private static long publishedByChild(Path file, int batches) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(ChildJvm.main(Child.class, List.of(), file.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long published = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            for (int i = 0; i < batches; i++) {
                published = Long.parseLong(lines.readLine());
            }
            child.toHandle().destroyForcibly(); // which leaves its output to be read
            for (String line = lines.readLine(); line != null && line.matches("\\d{16}"); line = lines.readLine()) {
                published = Long.parseLong(line);
            }
        }
        assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return published;
    }
}
