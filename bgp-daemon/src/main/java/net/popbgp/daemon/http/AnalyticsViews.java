package net.popbgp.daemon.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import net.popbgp.daemon.analytics.Availability;
import net.popbgp.daemon.analytics.Series;
import net.popbgp.daemon.analytics.SiteReport;
import net.popbgp.daemon.config.Values;
import net.popbgp.daemon.site.CircuitRole;

/** How sites have done, as JSON. Pure functions. */
final class AnalyticsViews {

    private AnalyticsViews() {}

    static ObjectNode report(SiteReport report) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("site", report.site())
                .put("time", report.now().toString())
                .put("state", Values.kebab(report.state().kind()))
                .put("sla", report.state().text())
                .put("circuits-up", report.state().up())
                .put("circuits", report.state().circuits());
        report.state().active().ifPresent(role -> json.put("active", role.toString()));
        ArrayNode windows = json.putArray("windows");
        for (SiteReport.Window window : report.windows()) {
            ObjectNode each = windows.addObject().put("window", text(window.length()));
            each.set("site", site(window.site()));
            ObjectNode circuits = each.putObject("circuits");
            window.circuits().forEach((role, availability) -> circuits.set(role.toString(), circuit(availability)));
        }
        ArrayNode budgets = json.putArray("budgets");
        for (SiteReport.Budget budget : report.budgets()) {
            ObjectNode each = budgets.addObject()
                    .put("circuit", budget.circuit().toString())
                    .put("direction", budget.direction())
                    .put("count", budget.count())
                    .put("limit", budget.limit())
                    .put("used-percent", rounded(budget.percent()))
                    .put("estimate", budget.estimate());
            budget.reachedIn().map(Duration::toSeconds).ifPresent(seconds -> each.put("reached-in-seconds", seconds));
        }
        ArrayNode failovers = json.putArray("failovers");
        report.failovers().forEach(event -> failovers.add(EventViews.event(event)));
        return json;
    }

    private static String text(Duration window) {
        boolean days = window.toHours() > 24 && window.equals(Duration.ofDays(window.toDays()));
        return days ? window.toDays() + "d" : Values.text(window);
    }

    private static ObjectNode site(Availability availability) {
        ObjectNode json = common(availability);
        return json.put("connected-seconds", seconds(availability.up() + availability.degraded()))
                .put("degraded-seconds", seconds(availability.degraded()))
                .put("disconnected-seconds", seconds(availability.down()))
                .put("failovers", availability.failovers())
                .put("outages", availability.flaps());
    }

    private static ObjectNode circuit(Availability availability) {
        ObjectNode json = common(availability);
        return json.put("up-seconds", seconds(availability.up()))
                .put("down-seconds", seconds(availability.down()))
                .put("active-seconds", seconds(availability.active()))
                .put("flaps", availability.flaps());
    }

    private static ObjectNode common(Availability availability) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        availability.percent().ifPresent(percent -> json.put("availability-percent", rounded(percent)));
        return json.put("stopped-seconds", seconds(availability.stopped()))
                .put("unknown-seconds", seconds(availability.unknown()));
    }

    private static double seconds(long millis) {
        return millis / 1000.0;
    }

    /** To a thousandth of a percent, and never 100 where it is not. */
    private static double rounded(double percent) {
        return Math.floor(percent * 1000) / 1000;
    }

    static ObjectNode series(String site, Optional<CircuitRole> circuit, Series series) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("site", site);
        circuit.ifPresent(role -> json.put("circuit", role.toString()));
        json.put("step-seconds", series.step().toSeconds());
        ArrayNode time = json.putArray("time");
        ArrayNode up = json.putArray("up-percent");
        series.points().forEach(point -> {
            time.add(point.time());
            up.add(rounded(point.upPercent()));
        });
        if (circuit.isPresent()) {
            ArrayNode active = json.putArray("active-percent");
            ArrayNode flaps = json.putArray("flaps");
            ArrayNode received = json.putArray("received");
            ArrayNode advertised = json.putArray("advertised");
            ArrayNode withheld = json.putArray("withheld");
            series.points().forEach(point -> {
                active.add(rounded(point.activePercent()));
                flaps.add(point.flaps());
                received.add(point.received());
                advertised.add(point.advertised());
                withheld.add(point.withheld());
            });
        } else {
            ArrayNode failovers = json.putArray("failovers");
            ArrayNode outages = json.putArray("outages");
            series.points().forEach(point -> {
                failovers.add(point.failovers());
                outages.add(point.flaps());
            });
        }
        return json;
    }
}
