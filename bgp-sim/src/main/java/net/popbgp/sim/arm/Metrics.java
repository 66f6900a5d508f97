package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The availability metrics of a circuit, as Azure Monitor answers. Each router gives one value a minute; only the present minute is known
 * here. Without a filter on the peer the average of both routers is told, which is 50 % where only the primary has a session. No state.
 */
final class Metrics {

    private static final List<String> NAMES = List.of("ArpAvailability", "BgpAvailability");

    private Metrics() {}

    static ObjectNode show(ArmRequest request, RouterView view, String circuitId, String region) {
        String wanted = request.query().getOrDefault("metricnames", String.join(",", NAMES));
        boolean split = request.query()
                .getOrDefault("$filter", "")
                .toLowerCase(Locale.ROOT)
                .contains("peer eq");
        Instant minute = view.now().truncatedTo(ChronoUnit.MINUTES);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("cost", 0)
                .put("timespan", minute.minusSeconds(60) + "/" + minute)
                .put("interval", "PT1M");
        ArrayNode value = answer.putArray("value");
        for (String name : wanted.split(",", -1)) {
            if (!NAMES.contains(name)) {
                throw new ArmException(
                        400,
                        "BadRequest",
                        "Failed to find metric configuration for provider: Microsoft.Network, resource Type:"
                                + " expressRouteCircuits, metric: " + name + ", Valid metrics: "
                                + String.join(",", NAMES));
            }
            metric(value.addObject(), name, circuitId, view, split, minute);
        }
        answer.put("namespace", "Microsoft.Network/expressRouteCircuits").put("resourceregion", region);
        return answer;
    }

    private static void metric(
            ObjectNode metric, String name, String circuitId, RouterView view, boolean split, Instant minute) {
        int primary = RouterTables.availability(view, true).getOrDefault(name, 0);
        int secondary = RouterTables.availability(view, false).getOrDefault(name, 0);
        metric.put("id", circuitId + "/providers/Microsoft.Insights/metrics/" + name)
                .put("type", "Microsoft.Insights/metrics");
        metric.putObject("name")
                .put("value", name)
                .put("localizedValue", name.replace("Availability", " Availability"));
        metric.put("unit", "Percent");
        ArrayNode series = metric.putArray("timeseries");
        if (split) {
            series(series.addObject(), List.of("private", "Primary"), primary, minute);
            series(series.addObject(), List.of("private", "Secondary"), secondary, minute);
        } else {
            series(series.addObject(), List.of(), (primary + secondary) / 2.0, minute);
        }
        metric.put("errorCode", "Success");
    }

    private static void series(ObjectNode series, List<String> dimensions, double average, Instant minute) {
        ArrayNode metadata = series.putArray("metadatavalues");
        List<String> keys = new ArrayList<>(List.of("peeringtype", "peer"));
        for (String dimension : dimensions) {
            ObjectNode entry = metadata.addObject();
            entry.putObject("name").put("value", keys.remove(0));
            entry.put("value", dimension);
        }
        series.putArray("data").addObject().put("timeStamp", minute.toString()).put("average", average);
    }
}
