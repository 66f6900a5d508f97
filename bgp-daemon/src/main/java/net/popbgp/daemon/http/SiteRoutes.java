package net.popbgp.daemon.http;

import static net.popbgp.daemon.http.ApiServer.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.ConflictResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.Reload;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.site.CircuitDetails;
import net.popbgp.daemon.site.CircuitList;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.CircuitStatus;
import net.popbgp.daemon.site.RoutingTableQuery;
import net.popbgp.daemon.site.SiteStatus;
import net.popbgp.daemon.site.Sites;

/** The part of the REST interface about Cloud Interconnect sites. Thread-safe. */
final class SiteRoutes {

    private static final String BASE = "/api/v1";
    private static final String SITE = BASE + "/sites/{site}";
    private static final String CIRCUIT = SITE + "/circuits/{role}";
    private static final int NOTHING = -1;

    private final Daemon daemon;
    private final Sites sites;

    SiteRoutes(Daemon daemon) {
        this.daemon = daemon;
        this.sites = daemon.sites();
    }

    void register(JavalinDefaultRoutingApi routes) {
        routes.get(BASE + "/sites", context -> answer(context, SiteViews.sites(sites.all(), Instant.now())));
        routes.post(BASE + "/sites", this::create);
        routes.get(SITE, context -> answer(context, SiteViews.site(site(context), Instant.now())));
        routes.put(SITE, this::replace);
        routes.delete(SITE, this::remove);
        routes.get(SITE + "/what-if", this::whatIf);
        routes.get(
                CIRCUIT + "/status", context -> answer(context, CircuitViews.status(details(context), Instant.now())));
        routes.get(
                CIRCUIT + "/raw-status",
                context -> answer(
                        context,
                        CircuitViews.raw(details(context), daemon.config().speaker())));
        routes.get(CIRCUIT + "/routes", this::circuitRoutes);
        routes.get(BASE + "/routing-table", this::routingTable);
    }

    private SiteStatus site(Context context) {
        String name = context.pathParam("site");
        return sites.site(name).orElseThrow(() -> noSite(name));
    }

    private static NotFoundResponse noSite(String name) {
        return new NotFoundResponse("there is no site '" + name + "'");
    }

    private CircuitDetails details(Context context) {
        SiteStatus site = site(context);
        CircuitStatus circuit = circuit(site, context.pathParam("role"));
        return Daemon.await(sites.details(site, circuit));
    }

    /** One list page by page, or all three at once. */
    private void circuitRoutes(Context context) {
        Optional<CircuitList> list = RoutingTableParameters.one(context, "list", CircuitList.class);
        if (list.isEmpty()) {
            answer(context, CircuitViews.routes(details(context).routes()));
            return;
        }
        CircuitStatus circuit = circuit(site(context), context.pathParam("role"));
        String cursor = RoutingTableParameters.given(context, "cursor").orElse("0");
        if (!cursor.matches("\\d{1,18}")) {
            throw new IllegalArgumentException("not a cursor of these routes: '" + cursor + "'");
        }
        int limit = RoutingTableParameters.limit(context, RoutingTableParameters.DEFAULT_LIMIT);
        answer(
                context,
                CircuitViews.routes(
                        list.get(), sites.routes(circuit.peerName(), list.get(), Long.parseLong(cursor), limit)));
    }

    private static CircuitStatus circuit(SiteStatus site, String text) {
        CircuitRole role = Arrays.stream(CircuitRole.values())
                .filter(each -> each.toString().equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new NotFoundResponse("a circuit is primary or secondary, not '" + text + "'"));
        return site.circuit(role)
                .orElseThrow(
                        () -> new NotFoundResponse("site '" + site.config().name() + "' has no " + role + " circuit"));
    }

    private void whatIf(Context context) {
        SiteStatus site = site(context);
        String down = Optional.ofNullable(context.queryParam("down"))
                .orElseThrow(() -> new IllegalArgumentException("'down' is missing: primary or secondary"));
        answer(context, CircuitViews.whatIf(site, Daemon.await(sites.whatIf(site, circuit(site, down)))));
    }

    private void routingTable(Context context) {
        RoutingTableQuery query = RoutingTableParameters.query(context);
        query.filter().site().filter(name -> sites.config(name).isEmpty()).ifPresent(name -> {
            throw noSite(name);
        });
        answer(context, CircuitViews.routingTable(daemon.routingTable().page(query)));
    }

    private void create(Context context) throws ConfigException {
        JsonNode body = ApiServer.parse(context.body());
        String name = body.path("name").asText("");
        change(context, name, 201, all -> {
            if (index(all, name) != NOTHING) {
                throw new ConflictResponse(
                        "there is a site '" + name + "' already; PUT /sites/" + name + " changes it");
            }
            return all.add(body);
        });
    }

    private void replace(Context context) throws ConfigException {
        String name = context.pathParam("site");
        JsonNode body = ApiServer.parse(context.body());
        if (!body.path("name").asText(name).equals(name)) {
            throw new IllegalArgumentException("a site keeps its name '" + name + "', the body says '"
                    + body.path("name").asText() + "'");
        }
        ((ObjectNode) body).put("name", name);
        change(context, name, 200, all -> {
            int index = index(all, name);
            if (index == NOTHING) {
                throw noSite(name);
            }
            all.set(index, body);
            return all;
        });
    }

    private void remove(Context context) throws ConfigException {
        String name = context.pathParam("site");
        Reload reload = daemon.changeSites(
                all -> {
                    int index = index(all, name);
                    if (index == NOTHING) {
                        throw noSite(name);
                    }
                    all.remove(index);
                    return all;
                },
                ApiServer.who(context));
        answer(context, Views.reload(reload));
    }

    private void change(Context context, String name, int status, UnaryOperator<ArrayNode> change)
            throws ConfigException {
        Reload reload = daemon.changeSites(change, ApiServer.who(context));
        ObjectNode json = Views.reload(reload);
        sites.site(name).ifPresent(site -> json.set("site", SiteViews.site(site, Instant.now())));
        ArrayNode warnings = json.putArray("warnings");
        daemon.config().warnings().stream()
                .filter(problem -> problem.path().startsWith("sites"))
                .forEach(problem -> warnings.add(problem.path() + ": " + problem.message()));
        context.status(status);
        answer(context, json);
    }

    private static int index(ArrayNode all, String name) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).path("name").asText().equals(name)) {
                return i;
            }
        }
        return NOTHING;
    }
}
