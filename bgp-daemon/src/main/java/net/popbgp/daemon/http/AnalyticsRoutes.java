package net.popbgp.daemon.http;

import static net.popbgp.daemon.http.ApiServer.answer;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.analytics.Limits;
import net.popbgp.daemon.analytics.SiteAnalytics;
import net.popbgp.daemon.analytics.SiteReport;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.speaker.PeerHandle;

/** The part of the REST interface about how sites have done. Thread-safe. */
final class AnalyticsRoutes {

    private static final String SITE = "/api/v1/sites/{name}";

    private final Daemon daemon;

    AnalyticsRoutes(Daemon daemon) {
        this.daemon = daemon;
    }

    void register(JavalinDefaultRoutingApi routes) {
        routes.get(SITE + "/analytics", this::report);
        routes.get(SITE + "/series", this::series);
    }

    private void report(Context context) {
        SiteConfig site = site(context);
        List<Duration> windows = window(context).map(List::of).orElse(SiteAnalytics.WINDOWS);
        SiteReport report = daemon.analytics()
                .report(
                        site,
                        circuit -> Limits.of(
                                site.sku(),
                                daemon.speaker()
                                        .peer(site.peerName(circuit.role()))
                                        .map(PeerHandle::config)),
                        windows);
        answer(context, AnalyticsViews.report(report));
    }

    private void series(Context context) {
        SiteConfig site = site(context);
        Optional<CircuitRole> circuit =
                Optional.ofNullable(context.queryParam("circuit")).map(text -> role(site, text));
        Duration window = window(context).orElse(Duration.ofHours(24));
        answer(
                context,
                AnalyticsViews.series(site.name(), circuit, daemon.analytics().series(site, circuit, window)));
    }

    private SiteConfig site(Context context) {
        String name = context.pathParam("name");
        return daemon.config().sites().stream()
                .filter(site -> site.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotFoundResponse("there is no site '" + name + "'"));
    }

    private static CircuitRole role(SiteConfig site, String text) {
        return Arrays.stream(CircuitRole.values())
                .filter(role ->
                        role.toString().equals(text) && site.circuit(role).isPresent())
                .findFirst()
                .orElseThrow(() -> new NotFoundResponse("site " + site.name() + " has no circuit '" + text + "'"));
    }

    private static Optional<Duration> window(Context context) {
        return Optional.ofNullable(context.queryParam("window"))
                .map(text -> EventQueries.window(text, SiteAnalytics.MIN_WINDOW, SiteAnalytics.MAX_WINDOW));
    }
}
