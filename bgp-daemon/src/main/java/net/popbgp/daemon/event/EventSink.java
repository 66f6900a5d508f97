package net.popbgp.daemon.event;

/** Takes events. Returns at once and never throws; what a sink cannot take it counts. Thread-safe. */
@FunctionalInterface
public interface EventSink {

    /** Keeps nothing. */
    EventSink NONE = event -> {};

    void accept(Event event);
}
