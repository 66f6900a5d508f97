package net.popbgp.daemon.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.MovedClock;
import net.popbgp.daemon.store.Database;
import net.popbgp.daemon.store.SmallDisk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventStoreTest {

    @TempDir
    private Path directory;

    private final MovedClock clock = new MovedClock(Events.START);

    private Path file() {
        return directory.resolve("events.db");
    }

    private EventsConfig config() {
        return new EventsConfig(Optional.of(file()), Duration.ofDays(90), 1L << 30);
    }

    private EventStore open() {
        return EventStore.open(config(), clock);
    }

    /** A full queue is many thousand events, and other tests use the processor meanwhile. */
    private static void awaitStored(EventStore store, long count) {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(store.status().stored()).isGreaterThanOrEqualTo(count));
    }

    private static List<String> messages(List<StoredEvent> events) {
        return events.stream().map(each -> each.event().message()).toList();
    }

    @Test
    void events_are_there_after_the_store_was_closed_and_opened_again_and_ids_go_on() {
        long last;
        try (EventStore store = open()) {
            IntStream.range(0, 100).forEach(i -> store.accept(Events.of(i)));
            awaitStored(store, 100);
            last = store.lastId();
        }
        try (EventStore store = open()) {
            assertThat(messages(Events.all(store, EventFilter.ALL, 7)))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 100).mapToObj(i -> "event " + i).toList());
            store.accept(Events.of(100));
            awaitStored(store, 1);
            assertThat(store.after(last, EventFilter.ALL, 10).events())
                    .containsExactly(new StoredEvent(last + 1, Events.of(100)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pages_in_both_directions_hold_what_the_filter_matches(boolean inFile) {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Event> events =
                IntStream.range(0, 400).mapToObj(i -> Events.random(random, i)).toList();
        EventsConfig config = inFile ? config() : EventsConfig.DEFAULT;
        try (EventStore store = EventStore.open(config, clock)) {
            events.forEach(store::accept);
            awaitStored(store, events.size());
            for (EventFilter filter : filters(random)) {
                List<Event> expected = events.stream().filter(filter::matches).toList();
                int limit = 1 + random.nextInt(50);

                assertThat(Events.all(store, filter, limit))
                        .as("%s", filter)
                        .extracting(StoredEvent::event)
                        .containsExactlyElementsOf(expected);
                List<Event> reversed = new ArrayList<>(expected);
                java.util.Collections.reverse(reversed);
                assertThat(Events.allNewestFirst(store, filter, limit))
                        .as("%s", filter)
                        .extracting(StoredEvent::event)
                        .containsExactlyElementsOf(reversed);
            }
        }
    }

    private static List<EventFilter> filters(Random random) {
        List<EventFilter> filters = new ArrayList<>(List.of(
                EventFilter.ALL,
                EventFilter.of(EventSubType.BGP_ROUTING),
                filter(Set.of(), Set.of("site-1"), Optional.empty(), "")));
        for (String text : List.of("edge", "ZÜRICH", "50%", "\"Wartung\"", "\\", "peer-1", "10.1.", "_")) {
            filters.add(filter(Set.of(), Set.of(), Optional.empty(), text));
        }
        for (int i = 0; i < 20; i++) {
            filters.add(new EventFilter(
                    random.nextBoolean() ? Set.of() : Set.of(EventSubType.CIRCUIT, EventSubType.BGP_SESSION),
                    random.nextBoolean() ? Set.of() : Set.of("connected"),
                    random.nextBoolean() ? Set.of() : Set.of("site-0", "site-2"),
                    random.nextBoolean() ? Set.of() : Set.of("primary"),
                    random.nextBoolean() ? Set.of() : Set.of("peer-0"),
                    random.nextBoolean()
                            ? Optional.empty()
                            : Optional.of(Events.START.plusSeconds(random.nextInt(400))),
                    random.nextBoolean()
                            ? Optional.empty()
                            : Optional.of(Events.START.plusSeconds(random.nextInt(400))),
                    random.nextInt(4) > 0 ? Optional.empty() : Optional.of(Prefix.of("10.1.0.0/16")),
                    random.nextInt(4) > 0 ? "" : "message 1"));
        }
        return filters;
    }

    private static EventFilter filter(
            Set<EventSubType> subTypes, Set<String> sites, Optional<Prefix> prefix, String text) {
        return new EventFilter(
                subTypes, Set.of(), sites, Set.of(), Set.of(), Optional.empty(), Optional.empty(), prefix, text);
    }

    @Test
    void without_a_file_the_latest_ten_thousand_are_kept_and_a_cursor_from_before_tells_the_gap() {
        try (EventStore store = EventStore.open(EventsConfig.DEFAULT, clock)) {
            store.accept(Events.of(0));
            awaitStored(store, 1);
            long first = store.lastId();
            IntStream.rangeClosed(1, MemoryEvents.MAX_EVENTS + 5).forEach(i -> store.accept(Events.of(i)));
            awaitStored(store, MemoryEvents.MAX_EVENTS + 6);

            assertThat(Events.all(store, EventFilter.ALL, 1000)).hasSize(MemoryEvents.MAX_EVENTS);
            EventPage page = store.after(first, EventFilter.ALL, 1);
            assertThat(page.gap()).isTrue();
            assertThat(messages(page.events())).containsExactly("event 6");
            assertThat(store.after(store.lastId(), EventFilter.ALL, 1).gap()).isFalse();
        }
    }

    @Test
    void a_cursor_from_the_future_counts_as_the_present() {
        try (EventStore store = open()) {
            store.accept(Events.of(0));
            awaitStored(store, 1);

            EventPage page = store.after(Long.MAX_VALUE - 1, EventFilter.ALL, 10);

            assertThat(page.events()).isEmpty();
            assertThat(page.cursor()).isEqualTo(store.lastId());
        }
    }

    @Test
    void what_a_full_queue_loses_is_counted_and_told_by_an_event() throws InterruptedException {
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Event> told = new CopyOnWriteArrayList<>();
        try (EventStore store = EventStore.open(EventsConfig.DEFAULT, clock)) {
            store.subscribe(events -> {
                stalled.countDown();
                events.stream()
                        .map(StoredEvent::event)
                        .filter(each -> !each.action().equals("Tested"))
                        .forEach(told::add);
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            store.accept(Events.of(0));
            stalled.await();

            IntStream.range(0, EventStore.QUEUE + 123).forEach(i -> store.accept(Events.of(i)));

            assertThat(store.status().lost()).isEqualTo(123);
            goOn.countDown();
            await().until(() -> !told.isEmpty());
            assertThat(told).singleElement().satisfies(each -> {
                assertThat(each.action()).isEqualTo("Events lost");
                assertThat(each.field(EventField.EVENT_COUNT)).contains("123");
            });
            awaitStored(store, EventStore.QUEUE + 2);
        }
    }

    @Test
    void a_full_disk_is_an_alarm_until_there_is_room_again_and_nothing_that_waited_is_lost() {
        SmallDisk disk = new SmallDisk(file());
        disk.room(40);
        try (EventStore store = EventStore.open(config(), Optional.of(disk.database()), clock)) {
            IntStream.range(0, 100).forEach(i -> store.accept(Events.of(i)));
            awaitStored(store, 100);
            IntStream.range(100, 5000).forEach(i -> store.accept(Events.of(i)));

            await().until(() -> store.status().alarm().isPresent());
            assertThat(store.status().alarm().orElseThrow().message()).contains("the disk is full");
            assertThat(Events.all(store, EventFilter.ALL, 1000)).hasSizeBetween(100, 4999);

            disk.room(0);
            await().until(() -> store.status().alarm().isEmpty());
            awaitStored(store, 5002);
            List<StoredEvent> all = Events.all(store, EventFilter.ALL, 1000);
            assertThat(messages(all))
                    .containsSubsequence(
                            IntStream.range(0, 5000).mapToObj(i -> "event " + i).toList());
            assertThat(all.stream().map(each -> each.event().action()))
                    .containsSubsequence("Event store failed", "Event store recovered");
            assertThat(store.status().lost()).isZero();
        }
    }

    @Test
    void what_does_not_fit_into_memory_while_the_disk_is_full_is_counted() {
        SmallDisk disk = new SmallDisk(file());
        disk.room(20);
        int count = EventStore.QUEUE + EventStore.BATCH + 1000;
        try (EventStore store = EventStore.open(config(), Optional.of(disk.database()), clock)) {
            IntStream.range(0, 2000).forEach(i -> store.accept(Events.of(i)));
            await().until(() -> store.status().alarm().isPresent());
            IntStream.range(2000, count).forEach(i -> store.accept(Events.of(i)));
            long lost = store.status().lost();
            assertThat(lost).isPositive();

            disk.room(0);

            awaitStored(store, count - lost + 2);
            assertThat(Events.all(
                            store, filter(Set.of(EventSubType.SYSTEM), Set.of(), Optional.empty(), "stored again"), 10))
                    .singleElement()
                    .satisfies(each -> assertThat(each.event().field(EventField.EVENT_COUNT))
                            .contains(Long.toString(lost)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4096, 16384})
    void a_damaged_file_is_moved_aside_and_ids_stay_above_those_of_before(int from) throws IOException {
        long last;
        try (EventStore store = open()) {
            IntStream.range(0, 2000).forEach(i -> store.accept(Events.of(i)));
            awaitStored(store, 2000);
            last = store.lastId();
        }
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            byte[] garbage = new byte[(int) channel.size() - from];
            new Random(1).nextBytes(garbage);
            channel.write(ByteBuffer.wrap(garbage), from);
        }
        clock.set(Events.START.plusSeconds(1));

        try (EventStore store = open()) {
            store.accept(Events.of(123_456));
            await().ignoreExceptions()
                    .until(() -> !Events.all(store, filter(Set.of(), Set.of(), Optional.empty(), "event 123456"), 10)
                                    .isEmpty()
                            && store.status().alarm().isEmpty());
            assertThat(store.lastId()).isGreaterThan(last);
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("events.db.damaged-"));
        }
    }

    @Test
    void at_most_three_damaged_files_are_kept() throws IOException, SQLException {
        try (Database database = Database.open(file())) {
            for (int i = 0; i < 5; i++) {
                database.connect().close();
                database.replace(database.generation(), "a test");
                Instant moved = Instant.now();
                await().pollInterval(Duration.ofMillis(1))
                        .until(() -> Instant.now().isAfter(moved.plusMillis(2)));
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(each -> each.getFileName().toString().contains("damaged")
                            && each.getFileName().toString().endsWith("Z")))
                    .hasSize(Database.MAX_MOVED);
        }
    }

    @Test
    void tables_of_a_later_version_are_refused_and_left_alone() throws SQLException {
        try (EventStore store = open()) {
            assertThat(store.lastId()).isPositive();
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version=" + (Database.VERSION + 1));
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tables of version " + (Database.VERSION + 1))
                .hasMessageContaining(file().toString());
        assertThat(directory.toFile().list()).noneMatch(name -> name.contains("damaged"));
    }

    @Test
    void a_file_in_use_is_refused() {
        try (EventStore store = open()) {
            assertThat(store.status().alarm()).isEmpty();
            assertThatThrownBy(this::open).hasMessageContaining("in use by another process");
        }
        open().close();
    }

    @Test
    void a_missing_directory_is_refused() {
        EventsConfig config = new EventsConfig(
                Optional.of(directory.resolve("none").resolve("events.db")), Duration.ofDays(1), 1L << 30);
        assertThatThrownBy(() -> EventStore.open(config, clock)).hasMessageContaining("does not exist");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void events_that_are_too_old_go(boolean inFile) {
        EventsConfig config = inFile ? config() : EventsConfig.DEFAULT;
        try (EventStore store = EventStore.open(config, clock)) {
            IntStream.range(0, 100).forEach(i -> store.accept(Events.of(i)));
            awaitStored(store, 100);
            clock.set(Events.START.plus(Duration.ofDays(90)).plusSeconds(50));
            store.retain(Duration.ofDays(90), EventsConfig.MIN_SIZE);

            await().until(() -> Events.all(store, EventFilter.ALL, 1000).size() <= 50);

            assertThat(messages(Events.all(store, EventFilter.ALL, 1000)))
                    .containsExactlyElementsOf(
                            IntStream.range(50, 100).mapToObj(i -> "event " + i).toList());
        }
    }

    @Test
    void a_file_that_is_too_large_shrinks_while_events_come_in() throws IOException {
        String text = "x".repeat(900);
        EventsConfig small = new EventsConfig(Optional.of(file()), Duration.ofDays(90), EventsConfig.MIN_SIZE);
        try (EventStore store = open()) {
            for (int i = 0; i < 30_000; i++) {
                store.accept(new Event(Events.START, EventSubType.SYSTEM, "Tested", text, java.util.Map.of()));
            }
            awaitStored(store, 30_000);
        }
        assertThat(Files.size(file())).isGreaterThan(EventsConfig.MIN_SIZE * 3 / 2);
        try (EventStore store = EventStore.open(small, clock)) {
            store.accept(Events.of(1));
            await().until(() -> store.status().bytes() <= EventsConfig.MIN_SIZE);
            long kept = Events.all(store, EventFilter.ALL, 1000).size();
            assertThat(kept).isBetween(1000L, 20_000L);
            assertThat(messages(store.before(Long.MAX_VALUE, EventFilter.ALL, 1).events()))
                    .containsExactly("event 1");
        }
        assertThat(Files.size(file())).isLessThanOrEqualTo(EventsConfig.MIN_SIZE);
    }

    @Test
    void a_subscriber_gets_every_batch_in_order_until_it_ends() {
        List<Long> ids = new ArrayList<>();
        try (EventStore store = EventStore.open(EventsConfig.DEFAULT, clock)) {
            Runnable end = store.subscribe(events -> {
                synchronized (ids) {
                    events.forEach(each -> ids.add(each.id()));
                }
            });
            IntStream.range(0, 1000).forEach(i -> store.accept(Events.of(i)));
            await().until(() -> {
                synchronized (ids) {
                    return ids.size() == 1000;
                }
            });
            assertThat(ids).isSorted().doesNotHaveDuplicates();
            end.run();
            store.accept(Events.of(1));
            awaitStored(store, 1001);
            assertThat(ids).hasSize(1000);
        }
    }

    @Test
    void sub_types_are_read_in_any_case_and_with_dashes() {
        for (EventSubType type : EventSubType.values()) {
            assertThat(EventSubType.of(type.toString().toLowerCase(Locale.ROOT).replace(' ', '-')))
                    .isEqualTo(type);
        }
    }
}
