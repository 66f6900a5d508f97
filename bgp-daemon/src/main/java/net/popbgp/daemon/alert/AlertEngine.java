package net.popbgp.daemon.alert;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.event.EventSink;
import net.popbgp.daemon.event.EventSubType;
import net.popbgp.daemon.site.SiteConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From events to messages: reads events, gathers them in windows, puts what is to be told into the outbox, and writes all of that in one
 * transaction with the cursor before anything is sent. So an event is told once, and a message is sent at least once, over a crash too. A
 * database that fails stops nothing: it is written when it works again.
 *
 * <p>Used by one thread, which calls {@link #run} again at the time that it returns, or when there is something new.
 */
final class AlertEngine {

    /** The most batches of events in one turn; the next one follows at once. */
    private static final int BATCHES = 20;

    /** The most messages that were given up that are remembered for showing. */
    static final int MAX_LOST = 100;

    /** The most messages that are shown. */
    static final int MAX_SHOWN = 200;

    private static final Duration STORE_RETRY = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger("popbgp.alert");

    /** Opens the tables. */
    @FunctionalInterface
    interface Opener {
        AlertStore open() throws SQLException;
    }

    private final Feed feed;
    private final Optional<Opener> opener;
    private final Outbox outbox;
    private final AlertCounters counters;
    private final EventSink sink;
    private final Windows windows = new Windows();
    private final Deque<Outbox.Lost> lost = new ArrayDeque<>();
    private AlertsConfig config = AlertsConfig.NONE;
    private Rules rules = Rules.of(List.of());
    private Composer composer = new Composer(config);
    private OptionalLong cursor = OptionalLong.empty();
    private long beginning;
    private long savedCursor = -1;
    private @Nullable AlertStore store;
    private boolean restored;
    private Instant storeRetry = Instant.MIN;
    private String trouble = "";
    private volatile AlertsStatus status = AlertsStatus.EMPTY;

    /** @param opener opens the database; empty to keep everything in memory */
    AlertEngine(Feed feed, Optional<Opener> opener, Outbox outbox, AlertCounters counters, EventSink sink) {
        this.feed = feed;
        this.opener = opener;
        this.outbox = outbox;
        this.counters = counters;
        this.sink = sink;
    }

    /** What has happened by now is not told, unless the database says that it was still to be looked at. To be called once, first. */
    void begin() {
        beginning = feed.latest();
    }

    void follow(AlertsConfig next, List<SiteConfig> sites) {
        config = next;
        rules = Rules.of(sites);
        composer = new Composer(next);
    }

    /** Does all that is due. {@return when there is something to do next; empty for not before something happens} */
    Optional<Instant> run(Instant now) {
        openStore(now);
        outbox.settle(now, config.giveUpAfter());
        boolean more = readEvents(now);
        tell(windows.advance(rules, now, config.dailyUnconditional()), now);
        reportLost(now);
        save(now);
        outbox.deliver(now);
        status = view();
        if (more || outbox.hasEndedAttempts()) {
            return Optional.of(now);
        }
        return Stream.of(
                        windows.nextEnd(),
                        outbox.nextDue(config.giveUpAfter()),
                        trouble.isEmpty() ? Optional.<Instant>empty() : Optional.of(now.plus(STORE_RETRY)))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    /** {@return whether there are more} */
    private boolean readEvents(Instant now) {
        try {
            long at = cursor.orElse(beginning);
            cursor = OptionalLong.of(at);
            Feed.Batch batch = new Feed.Batch(List.of(), at, true, false);
            for (int i = 0; batch.more() && i < BATCHES; i++) {
                batch = feed.after(batch.cursor());
                if (batch.gap()) {
                    alarm(now, "Alerts missed", "events were removed before the alerts had looked at them", Map.of());
                }
                batch.events().forEach(event -> occur(event, now));
                cursor = OptionalLong.of(batch.cursor());
            }
            return batch.more();
        } catch (IllegalStateException e) {
            failed("events cannot be read", e);
            return false;
        }
    }

    private void occur(Event event, Instant now) {
        Optional<Rule> rule = rules.of(event);
        if (rule.isEmpty() || !event.time().plus(config.giveUpAfter()).isAfter(now)) {
            return;
        }
        Instant at = event.time().isAfter(now) ? now : event.time();
        tell(windows.advance(rules, at, config.dailyUnconditional()), now);
        windows.occur(rule.get(), event, at).ifPresent(notice -> tell(List.of(notice), now));
    }

    private void tell(List<Notice> notices, Instant now) {
        notices.forEach(notice -> composer.messages(notice, now).forEach(outbox::add));
    }

    private void reportLost(Instant now) {
        Map<String, List<Outbox.Lost>> byRoute = new LinkedHashMap<>();
        outbox.drainLost(each -> {
            byRoute.computeIfAbsent(each.message().route(), route -> new ArrayList<>())
                    .add(each);
            lost.addLast(each);
            if (lost.size() > MAX_LOST) {
                lost.removeFirst();
            }
        });
        byRoute.values().forEach(all -> {
            Outbox.Lost first = all.get(0);
            String what = "the message to " + first.message().recipient() + " \""
                    + first.message().subject() + "\" was given up: " + first.reason();
            Map<EventField, String> fields = new EnumMap<>(EventField.class);
            fields.put(EventField.EVENT_COUNT, Integer.toString(all.size()));
            alarm(now, "Alert lost", all.size() == 1 ? what : what + "; and " + (all.size() - 1) + " more", fields);
        });
    }

    private void alarm(Instant now, String action, String message, Map<EventField, String> fields) {
        LOG.error("event=alert-alarm action=\"{}\" message=\"{}\"", action, message);
        sink.accept(new Event(now, EventSubType.SYSTEM, action, message, fields));
    }

    private void openStore(Instant now) {
        if (store != null && store.isOutdated()) {
            closeStore();
        }
        if (opener.isEmpty() || store != null || now.isBefore(storeRetry)) {
            return;
        }
        try {
            AlertStore opened = opener.get().open();
            store = opened;
            windows.touch();
            outbox.touch();
            savedCursor = -1;
            if (!restored) {
                List<Windows.Window> kept = opened.windows();
                List<Message> messages = opened.messages();
                windows.restore(kept);
                outbox.restore(messages);
                cursor = cursor.isPresent() ? cursor : opened.cursor();
                restored = true;
            }
        } catch (SQLException | IllegalStateException | IllegalArgumentException e) {
            closeStore();
            storeRetry = now.plus(STORE_RETRY);
            storeFailed(now, e);
        }
    }

    private void save(Instant now) {
        AlertStore open = store;
        if (open == null) {
            return;
        }
        Set<String> windowKeys = windows.changed();
        Set<String> ids = outbox.changed();
        long at = cursor.orElse(beginning);
        if (windowKeys.isEmpty() && ids.isEmpty() && at == savedCursor) {
            return;
        }
        try {
            open.save(
                    at,
                    windowKeys.stream().collect(Collectors.toMap(Function.identity(), windows::of)),
                    ids.stream().flatMap(id -> outbox.message(id).stream()).toList(),
                    ids.stream().filter(id -> outbox.message(id).isEmpty()).collect(Collectors.toSet()));
            windows.saved();
            outbox.saved();
            savedCursor = at;
            trouble = "";
        } catch (SQLException e) {
            closeStore();
            storeRetry = now.plus(STORE_RETRY);
            storeFailed(now, e);
        }
    }

    private void storeFailed(Instant now, Exception e) {
        if (trouble.isEmpty()) {
            alarm(now, "Alerts not kept", "open windows and messages are only in memory: " + e.getMessage(), Map.of());
        }
        failed("the database cannot be used", e);
    }

    private void failed(String what, Exception e) {
        trouble = what + ": " + e.getMessage();
        LOG.warn("event=alert-trouble reason=\"{}\"", trouble);
    }

    /** After that {@link #run} opens the database again. What is in memory is complete, so it is all written then. */
    void closeStore() {
        AlertStore open = store;
        store = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("event=alert-store-close", e);
            }
        }
    }

    /** {@return how it stood after the last turn} Thread-safe. */
    AlertsStatus status() {
        return status;
    }

    private AlertsStatus view() {
        List<AlertsStatus.Window> open = new ArrayList<>();
        for (Windows.Window window : windows.open()) {
            rules.named(window.key())
                    .ifPresent(rule -> open.add(new AlertsStatus.Window(
                            rule.site(), rule.subject(), window.frequency(), window.ends(), window.count())));
        }
        List<Message> waiting = outbox.waiting();
        return new AlertsStatus(
                open,
                waiting.stream().limit(MAX_SHOWN).map(AlertsStatus.Waiting::of).toList(),
                waiting.size(),
                lost.stream()
                        .map(each -> new AlertsStatus.Lost(
                                each.message().recipient(), each.message().subject(), each.reason(), each.at()))
                        .toList(),
                counters.sent(),
                counters.failed(),
                counters.lost(),
                opener.isPresent(),
                trouble);
    }
}
