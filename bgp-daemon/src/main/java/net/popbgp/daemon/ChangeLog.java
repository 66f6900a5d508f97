package net.popbgp.daemon;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.popbgp.daemon.config.Problem;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.event.EventSink;
import net.popbgp.daemon.event.EventSubType;

/** Makes an event of every change that somebody makes, with who it was. Thread-safe. */
public final class ChangeLog {

    private final EventSink events;
    private final InstantSource clock;

    ChangeLog(EventSink events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    void reloaded(String who, Reload reload) {
        if (reload.steps().isEmpty()) {
            return;
        }
        String steps = reload.steps().stream()
                .map(step -> step.subject() + " " + step.action()
                        + (step.detail().isEmpty() ? "" : " (" + step.detail() + ")"))
                .collect(Collectors.joining("; "));
        tell(who, reload.failed() ? "Configuration Changed in Part" : "Configuration Changed", steps);
    }

    void refused(String who, List<Problem> problems) {
        List<Problem> errors = problems.stream().filter(Problem::isError).toList();
        tell(
                who,
                "Configuration Refused",
                errors.size() + " errors: "
                        + errors.stream().map(Problem::toString).collect(Collectors.joining("; ")));
    }

    /**
     * An operator has done something that is no change of the configuration.
     *
     * @param who as in {@link Daemon#reload}
     * @param what in words, as {@code peer azure-a: stop}; no secrets
     */
    public void commanded(String who, String what) {
        tell(who, "Command", what);
    }

    private void tell(String who, String action, String what) {
        events.accept(new Event(
                clock.instant(),
                EventSubType.CONFIGURATION,
                action,
                what + ", by " + who,
                Map.of(EventField.USER_NAME, who)));
    }
}
