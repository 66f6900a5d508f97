package net.popbgp.daemon.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.site.Track;

/**
 * Decides when an occurrence is told. {@code IMMEDIATE} tells each at once. Otherwise the first is told at once and opens a window of an
 * hour, a day or a week; those within it are gathered. At its end a digest tells them and opens the next window; if there was none, the window
 * closes and the next occurrence is told at once again. Used by one thread.
 */
final class Windows {

    /** The most occurrences that a digest lists; it counts all. */
    static final int MAX_LISTED = 100;

    /**
     * A window that is open. Immutable.
     *
     * @param count of the occurrences gathered in it
     * @param events the latest of them
     */
    record Window(String key, Track.Frequency frequency, Instant ends, int count, List<Event> events) {

        Window {
            events = List.copyOf(events);
        }

        private Window with(Event event) {
            List<Event> all = new ArrayList<>(events);
            all.add(event);
            return new Window(
                    key, frequency, ends, count + 1, all.subList(Math.max(0, all.size() - MAX_LISTED), all.size()));
        }
    }

    private final Map<String, Window> open = new TreeMap<>();
    private final Set<String> changed = new HashSet<>();

    void restore(Collection<Window> windows) {
        windows.forEach(window -> open.put(window.key(), window));
    }

    /** {@return the open windows by their rules' keys} */
    Collection<Window> open() {
        return List.copyOf(open.values());
    }

    /** {@return the window of a rule, if it is open} */
    Optional<Window> of(String key) {
        return Optional.ofNullable(open.get(key));
    }

    /** {@return the keys whose window has changed since {@link #saved}} */
    Set<String> changed() {
        return Set.copyOf(changed);
    }

    /** All of it is to be saved. */
    void touch() {
        changed.addAll(open.keySet());
    }

    void saved() {
        changed.clear();
    }

    /** {@return what is to be told now} Windows that ended before the occurrence must have been ended by {@link #advance}. */
    Optional<Notice> occur(Rule rule, Event event, Instant at) {
        Track.Frequency frequency = rule.track().frequency();
        Window window = open.get(rule.key());
        if (window != null) {
            put(window.with(event));
            return Optional.empty();
        }
        if (frequency == Track.Frequency.IMMEDIATE) {
            return Optional.of(new Notice(rule, false, 1, List.of(event), at, Optional.empty()));
        }
        Window opened = new Window(rule.key(), frequency, at.plus(length(frequency)), 0, List.of());
        put(opened);
        return Optional.of(new Notice(rule, false, 1, List.of(event), at, Optional.of(opened.ends())));
    }

    /**
     * Ends the windows whose time is over. A window of a rule that is gone ends silently; one whose rule has another frequency now ends at once.
     *
     * @param dailyUnconditional whether a day that was quiet is told too
     * @return what is to be told now
     */
    List<Notice> advance(Rules rules, Instant now, boolean dailyUnconditional) {
        List<Notice> notices = new ArrayList<>();
        for (Window window : open()) {
            Optional<Rule> rule = rules.named(window.key());
            if (rule.isEmpty()) {
                remove(window.key());
            } else if (rule.get().track().frequency() != window.frequency()) {
                end(window, rule.get(), now, false).ifPresent(notices::add);
            } else {
                Optional<Window> next = Optional.of(window);
                while (next.isPresent() && !next.get().ends().isAfter(now)) {
                    end(next.get(), rule.get(), next.get().ends(), dailyUnconditional)
                            .ifPresent(notices::add);
                    next = of(window.key());
                }
            }
        }
        return notices;
    }

    private Optional<Notice> end(Window window, Rule rule, Instant at, boolean dailyUnconditional) {
        Track.Frequency frequency = rule.track().frequency();
        remove(window.key());
        if (window.count() == 0) {
            return dailyUnconditional && frequency == Track.Frequency.DAILY
                    ? Optional.of(new Notice(rule, true, 0, List.of(), at, Optional.empty()))
                    : Optional.empty();
        }
        Optional<Instant> ends = Optional.of(frequency)
                .filter(each -> each != Track.Frequency.IMMEDIATE)
                .map(each -> at.plus(length(each)));
        ends.ifPresent(end -> put(new Window(window.key(), frequency, end, 0, List.of())));
        return Optional.of(new Notice(rule, true, window.count(), window.events(), at, ends));
    }

    /** {@return when the first window ends} */
    Optional<Instant> nextEnd() {
        return open.values().stream().map(Window::ends).min(Instant::compareTo);
    }

    private void put(Window window) {
        open.put(window.key(), window);
        changed.add(window.key());
    }

    private void remove(String key) {
        open.remove(key);
        changed.add(key);
    }

    static Duration length(Track.Frequency frequency) {
        return switch (frequency) {
            case IMMEDIATE -> Duration.ZERO;
            case HOURLY -> Duration.ofHours(1);
            case DAILY -> Duration.ofDays(1);
            case WEEKLY -> Duration.ofDays(7);
        };
    }
}
