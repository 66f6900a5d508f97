package net.popbgp.daemon.http;

import static net.popbgp.daemon.http.ApiServer.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.config.Values;
import net.popbgp.daemon.probe.ConnectivityTest;
import net.popbgp.daemon.probe.LanStatus;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.SiteConfig;

/** The part of the REST interface about probes: Test Connectivity and LAN Monitoring. Thread-safe. */
final class ProbeRoutes {

    private static final String BASE = "/api/v1";

    private final Daemon daemon;

    ProbeRoutes(Daemon daemon) {
        this.daemon = daemon;
    }

    void register(JavalinDefaultRoutingApi routes) {
        routes.post(BASE + "/sites/{name}/circuits/{role}/test", this::test);
        routes.get(BASE + "/lan-monitoring", this::lanMonitoring);
    }

    private SiteConfig site(String name) {
        return daemon.config().sites().stream()
                .filter(site -> site.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotFoundResponse("there is no site '" + name + "'"));
    }

    private void test(Context context) {
        SiteConfig site = site(context.pathParam("name"));
        CircuitRole role = role(context.pathParam("role"));
        JsonNode body = ApiServer.parse(context.body());
        ApiRoutes.allow(body, "probes", "interval", "timeout");
        ConnectivityTest test = new ConnectivityTest(
                probes(body),
                time(body, "interval", ConnectivityTest.DEFAULT.interval()),
                time(body, "timeout", ConnectivityTest.DEFAULT.timeout()));
        Optional<CircuitConfig> circuit = site.circuit(role);
        ConnectivityTest.Result result = circuit.map(
                        each -> daemon.lanMonitor().test(test, each.popAddress(), each.cloudAddress()))
                .orElseGet(() -> daemon.lanMonitor().refused("site " + site.name() + " has no " + role + " circuit"));
        daemon.changeLog()
                .commanded(ApiServer.who(context), "site " + site.name() + ": test " + role + ", " + result.verdict());
        answer(context, view(site, role, circuit, result));
    }

    private static CircuitRole role(String text) {
        for (CircuitRole role : CircuitRole.values()) {
            if (role.toString().equals(text)) {
                return role;
            }
        }
        throw new NotFoundResponse("a circuit is primary or secondary, not '" + text + "'");
    }

    private static int probes(JsonNode body) {
        JsonNode probes = body.path("probes");
        if (probes.isMissingNode()) {
            return ConnectivityTest.DEFAULT.probes();
        }
        if (!probes.canConvertToInt()) {
            throw new IllegalArgumentException("'probes' is a number: " + probes);
        }
        return probes.asInt();
    }

    private static Duration time(JsonNode body, String key, Duration fallback) {
        JsonNode value = body.path(key);
        return value.isMissingNode() ? fallback : Values.duration(value.asText());
    }

    private static ObjectNode view(
            SiteConfig site, CircuitRole role, Optional<CircuitConfig> circuit, ConnectivityTest.Result result) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("site", site.name()).put("circuit", role.toString());
        circuit.ifPresent(each -> json.put("source", IpAddresses.text(each.popAddress()))
                .put("target", IpAddresses.text(each.cloudAddress())));
        json.put("result", result.verdict().toString())
                .put("success", result.verdict() == ConnectivityTest.Verdict.SUCCESS)
                .put("message", result.message())
                .put("time", result.time().toString())
                .put("sent", result.sent())
                .put("received", result.received());
        if (result.sent() > 0) {
            json.put("loss-percent", result.lossPercent());
        }
        result.minimum().ifPresent(time -> json.put("minimum-ms", millis(time)));
        result.average().ifPresent(time -> json.put("average-ms", millis(time)));
        result.maximum().ifPresent(time -> json.put("maximum-ms", millis(time)));
        return json;
    }

    private void lanMonitoring(Context context) {
        Optional<String> only = Optional.ofNullable(context.queryParam("site"));
        only.ifPresent(this::site);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode hosts = json.putArray("hosts");
        daemon.lanMonitor().status().stream()
                .filter(each -> only.isEmpty() || each.site().equals(only.get()))
                .forEach(each -> hosts.add(view(each)));
        answer(context, json);
    }

    private static ObjectNode view(LanStatus status) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("site", status.site())
                .put("name", status.rule().name())
                .put("address", IpAddresses.text(status.rule().address()))
                .put("state", status.state().toString())
                .put("paused", Values.kebab(status.pause()))
                .put("since", status.since().toString())
                .put("interval", Values.text(status.rule().interval()))
                .put("fault-threshold", status.rule().faultThreshold())
                .put("missed", status.misses())
                .put("answered", status.answered())
                .put("lost", status.lost())
                .put("skipped", status.skipped())
                .put("detail", status.detail());
        status.lastReply().ifPresent(time -> json.put("last-reply", time.toString()));
        status.roundTrip().ifPresent(time -> json.put("round-trip-ms", millis(time)));
        return json;
    }

    /** {@return milliseconds with three digits behind the point} */
    private static double millis(Duration time) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.3f", time.toNanos() / 1e6));
    }
}
