package net.popbgp.daemon.http;

import static net.popbgp.daemon.http.ApiServer.answer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.time.Instant;
import java.util.Optional;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.event.EventFilter;
import net.popbgp.daemon.event.EventPage;
import net.popbgp.daemon.event.EventStore;

/** The part of the REST interface about events. Thread-safe. */
final class EventRoutes implements AutoCloseable {

    private static final String BASE = "/api/v1/events";
    private static final int DEFAULT_LIMIT = 100;

    private final EventStore events;
    private final EventStreams streams;

    EventRoutes(Daemon daemon) {
        this.events = daemon.events();
        this.streams = new EventStreams(events, EventStreams.STALL);
    }

    void register(JavalinDefaultRoutingApi routes) {
        routes.get(BASE, this::page);
        routes.get(BASE + "/stream", this::stream);
        routes.get(BASE + "/presets", EventRoutes::presets);
    }

    private void page(Context context) {
        EventQueries.allow(context, "after", "before", "order", "limit");
        EventFilter filter = EventQueries.filter(context, Instant.now());
        Optional<Long> after = cursor(context, "after");
        Optional<Long> before = cursor(context, "before");
        if (after.isPresent() && before.isPresent()) {
            throw new IllegalArgumentException("one of 'after' and 'before' can be given");
        }
        int limit = Optional.ofNullable(context.queryParam("limit"))
                .map(EventRoutes::limit)
                .orElse(DEFAULT_LIMIT);
        EventPage page = oldestFirst(context, after.isPresent(), before.isPresent())
                ? events.after(after.orElse(0L), filter, limit)
                : events.before(before.orElse(Long.MAX_VALUE), filter, limit);
        answer(context, EventViews.page(page, events.status()));
    }

    private static Optional<Long> cursor(Context context, String name) {
        return Optional.ofNullable(context.queryParam(name)).map(text -> EventQueries.cursor(name, text));
    }

    private static int limit(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("'limit' is not a number: '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private static boolean oldestFirst(Context context, boolean after, boolean before) {
        String order = Optional.ofNullable(context.queryParam("order")).orElse(after ? "oldest" : "newest");
        if (!order.equals("oldest") && !order.equals("newest")) {
            throw new IllegalArgumentException("'order' is newest or oldest: '" + order + "'");
        }
        boolean oldestFirst = order.equals("oldest");
        if (after && !oldestFirst || before && oldestFirst) {
            throw new IllegalArgumentException("'after' goes from the oldest, 'before' from the newest");
        }
        return oldestFirst;
    }

    private void stream(Context context) {
        EventQueries.allow(context, "after");
        EventFilter filter = EventQueries.filter(context, Instant.now());
        long cursor = Optional.ofNullable(context.header("Last-Event-ID"))
                .filter(text -> !text.isEmpty())
                .map(text -> EventQueries.cursor("Last-Event-ID", text))
                .or(() -> cursor(context, "after"))
                .orElseGet(events::lastId);
        streams.open(context, filter, cursor);
    }

    private static void presets(Context context) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode presets = json.putArray("presets");
        for (EventQueries.Preset each : EventQueries.PRESETS) {
            ObjectNode preset = presets.addObject().put("name", each.name()).put("title", each.title());
            ArrayNode subTypes = preset.putArray("sub-types");
            each.subTypes().forEach(type -> subTypes.add(type.toString()));
            ArrayNode actions = preset.putArray("actions");
            each.actions().stream().sorted().forEach(actions::add);
        }
        answer(context, json);
    }

    /** Ends all streams; those who may come back do, with the id of the last event they got. */
    void endStreams() {
        streams.end();
    }

    @Override
    public void close() {
        streams.close();
    }
}
