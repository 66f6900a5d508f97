package net.popbgp.daemon.http;

import static net.popbgp.daemon.http.ApiServer.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.function.UnaryOperator;
import net.popbgp.core.decision.NextHopTable;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.Daemon;
import net.popbgp.speaker.BgpSpeaker;

/** The part of the REST interface about routing of the speaker as a whole. Thread-safe. */
final class RoutingRoutes {

    private static final String BASE = "/api/v1";

    private final Daemon daemon;
    private final BgpSpeaker speaker;

    RoutingRoutes(Daemon daemon) {
        this.daemon = daemon;
        this.speaker = daemon.speaker();
    }

    void register(JavalinDefaultRoutingApi routes) {
        routes.get(
                BASE + "/next-hops",
                context -> answer(context, RoutingViews.nextHops(Daemon.await(speaker.nextHops()))));
        routes.get(
                BASE + "/aggregates",
                context -> answer(context, RoutingViews.aggregates(Daemon.await(speaker.aggregates()))));
        routes.post(BASE + "/drain", context -> drain(context, true));
        routes.post(BASE + "/undrain", context -> drain(context, false));
        routes.post(BASE + "/next-hops/set", this::setNextHop);
        routes.post(BASE + "/next-hops/clear", this::clearNextHop);
    }

    private void drain(Context context, boolean on) {
        ApiRoutes.allow(ApiServer.parse(context.body()));
        Daemon.await(on ? speaker.startDrain() : speaker.endDrain());
        daemon.changeLog().commanded(ApiServer.who(context), on ? "drain all peers" : "undrain all peers");
        answer(context, JsonNodeFactory.instance.objectNode().put("drained", speaker.isDrained()));
    }

    private void setNextHop(Context context) {
        JsonNode body = ApiServer.parse(context.body());
        ApiRoutes.allow(body, "prefix", "cost", "unreachable");
        Prefix prefix = prefix(body);
        boolean unreachable = body.path("unreachable").asBoolean();
        if (unreachable == body.has("cost")) {
            throw new IllegalArgumentException("one of 'cost' and 'unreachable' is needed");
        }
        if (!unreachable && !body.get("cost").canConvertToInt()) {
            throw new IllegalArgumentException("'cost' is not a number 0..2147483647: " + body.get("cost"));
        }
        int cost = unreachable
                ? NextHopTable.UNREACHABLE
                : nonNegative(body.get("cost").asInt());
        change(context, table -> table.with(prefix, cost));
    }

    private void clearNextHop(Context context) {
        JsonNode body = ApiServer.parse(context.body());
        ApiRoutes.allow(body, "prefix");
        Prefix prefix = prefix(body);
        change(context, table -> table.without(prefix));
    }

    private void change(Context context, UnaryOperator<NextHopTable> change) {
        NextHopTable table = Daemon.await(speaker.changeNextHops(change));
        daemon.changeLog().commanded(ApiServer.who(context), "next hops: " + context.body());
        answer(context, RoutingViews.nextHops(table));
    }

    private static int nonNegative(int cost) {
        if (cost < 0) {
            throw new IllegalArgumentException("'cost' is not a number 0..2147483647: " + cost);
        }
        return cost;
    }

    private static Prefix prefix(JsonNode body) {
        if (!body.has("prefix")) {
            throw new IllegalArgumentException("'prefix' is missing");
        }
        return Prefix.of(body.get("prefix").asText());
    }
}
