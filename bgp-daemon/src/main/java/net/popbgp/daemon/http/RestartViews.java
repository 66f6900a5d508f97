package net.popbgp.daemon.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import net.popbgp.daemon.config.Values;
import net.popbgp.speaker.GracefulRestart;
import net.popbgp.speaker.PeerStatus;
import net.popbgp.speaker.RestartStatus;
import net.popbgp.speaker.RouteRefreshOptions;

/** What outlives sessions, as JSON. Pure functions. */
final class RestartViews {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private RestartViews() {}

    static ObjectNode staleRoutes(PeerStatus.StaleRoutes stale, Instant now) {
        ObjectNode json =
                JSON.objectNode().put("since", stale.since().toString()).put("seconds", seconds(stale.since(), now));
        ObjectNode families = json.putObject("families");
        stale.families()
                .forEach((family, each) -> families.putObject(family.toString())
                        .put("routes", each.routes())
                        .put("long-lived", each.longLived())
                        .put("remaining-seconds", seconds(now, each.until())));
        return json;
    }

    /** Of a restart of the speaker's own: what is still deferred, and who is waited for. */
    static ObjectNode ownRestart(RestartStatus restart, Instant now) {
        ObjectNode json = JSON.objectNode();
        ObjectNode deferred = json.put("over", restart.isOver()).putObject("deferred");
        restart.awaited().forEach((family, peers) -> {
            ObjectNode each = deferred.putObject(family.toString())
                    .put("remaining-seconds", seconds(now, restart.deferredUntil()));
            peers.stream().sorted().forEach(each.putArray("awaited")::add);
        });
        return json;
    }

    private static long seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toSeconds());
    }

    static ObjectNode routeRefresh(RouteRefreshOptions options) {
        return JSON.objectNode()
                .put("enhanced", options.enhanced())
                .put("stale-time", Values.text(options.staleTime()));
    }

    static ObjectNode gracefulRestart(GracefulRestart restart) {
        ObjectNode json = JSON.objectNode().put("enabled", restart.enabled());
        if (restart.enabled()) {
            json.put("restart-time", Values.text(restart.restartTime()))
                    .put("forwarding-preserved", restart.forwardingPreserved())
                    .put("notifications", restart.notifications())
                    .put("stale-time", Values.text(restart.staleTime()));
            ObjectNode longLived = json.putObject("long-lived");
            restart.longLived().forEach((family, time) -> longLived.put(family.toString(), Values.text(time)));
        }
        return json;
    }
}
