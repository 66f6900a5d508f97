package net.popbgp.daemon.http;

import static net.popbgp.daemon.http.ApiServer.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.List;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.alert.Alerts;
import net.popbgp.daemon.alert.AlertsStatus;
import net.popbgp.daemon.config.Values;

/** The part of the REST interface about alerts. Thread-safe. */
final class AlertRoutes {

    private static final String BASE = "/api/v1/alerts";

    private final Daemon daemon;
    private final Alerts alerts;

    AlertRoutes(Daemon daemon) {
        this.daemon = daemon;
        this.alerts = daemon.alerts();
    }

    void register(JavalinDefaultRoutingApi routes) {
        routes.get(BASE, context -> answer(context, view(alerts.status())));
        routes.post(BASE + "/test", this::test);
    }

    private void test(Context context) {
        JsonNode body = ApiServer.parse(context.body());
        ApiRoutes.allow(body, "name");
        if (!body.path("name").isTextual()) {
            throw new IllegalArgumentException("'name' is missing: the name of a mailing list or webhook");
        }
        List<Alerts.TestResult> results = alerts.test(body.path("name").asText());
        daemon.changeLog()
                .commanded(
                        ApiServer.who(context),
                        "alert test: " + body.path("name").asText());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", body.path("name").asText())
                .put("delivered", results.stream().allMatch(Alerts.TestResult::delivered));
        ArrayNode rows = json.putArray("results");
        results.forEach(each -> rows.addObject()
                .put("recipient", each.recipient())
                .put("delivered", each.delivered())
                .put("answer", each.detail())
                .put("milliseconds", each.took().toMillis()));
        answer(context, json);
    }

    private static ObjectNode view(AlertsStatus status) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("queued", status.queued())
                .put("sent", status.sent())
                .put("failed-attempts", status.failedAttempts())
                .put("lost", status.lostCount())
                .put("kept-over-restarts", status.kept())
                .put("trouble", status.trouble());
        ArrayNode windows = json.putArray("windows");
        status.windows()
                .forEach(each -> windows.addObject()
                        .put("site", each.site())
                        .put("subject", each.subject())
                        .put("frequency", Values.kebab(each.frequency()))
                        .put("ends", each.ends().toString())
                        .put("count", each.count()));
        ArrayNode messages = json.putArray("messages");
        status.waiting()
                .forEach(each -> messages.addObject()
                        .put("id", each.id())
                        .put("recipient", each.recipient())
                        .put("subject", each.subject())
                        .put("created", each.created().toString())
                        .put("next-attempt", each.nextAttempt().toString())
                        .put("attempts", each.attempts())
                        .put("error", each.error()));
        ArrayNode lost = json.putArray("lost-messages");
        status.lost()
                .forEach(each -> lost.addObject()
                        .put("recipient", each.recipient())
                        .put("subject", each.subject())
                        .put("reason", each.reason())
                        .put("at", each.at().toString()));
        return json;
    }
}
