package net.popbgp.daemon.http;

import static net.popbgp.daemon.http.ApiServer.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.Reload;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.config.Values;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.PeerHandle;
import net.popbgp.speaker.PeerStatus;
import net.popbgp.speaker.RouteQuery;

/** What each address of the REST interface does. Thread-safe. */
final class ApiRoutes {

    private static final int DEFAULT_LIMIT = 1000;
    private static final String BASE = "/api/v1";

    private final Daemon daemon;
    private final BgpSpeaker speaker;

    ApiRoutes(Daemon daemon) {
        this.daemon = daemon;
        this.speaker = daemon.speaker();
    }

    void register(JavalinDefaultRoutingApi routes) {
        routes.get(BASE + "/status", context -> answer(context, Views.status(daemon, Instant.now())));
        routes.get(BASE + "/peers", this::peers);
        routes.get(
                BASE + "/peers/{name}",
                context -> answer(context, view(peer(context).status())));
        routes.post(BASE + "/peers/{name}/{action}", this::act);
        routes.get(BASE + "/routes", this::routes);
        routes.get(BASE + "/routes/{address}/{length}/explain", this::explain);
        routes.get(BASE + "/explain", this::explain);
        routes.get(BASE + "/circuits", this::circuits);
        routes.get(
                BASE + "/config",
                context -> answer(context, Views.shown(daemon.config().document())));
        routes.post(BASE + "/config", this::reload);
        routes.post(BASE + "/announce", this::announce);
        routes.post(BASE + "/withdraw", this::withdraw);
        routes.get(
                "/metrics",
                context -> context.contentType("text/plain; version=0.0.4; charset=utf-8")
                        .result(daemon.scrape()));
    }

    private ObjectNode view(PeerStatus peer) {
        String description =
                daemon.config().descriptions().getOrDefault(peer.config().name(), "");
        return Views.peer(peer, description, Instant.now());
    }

    private void peers(Context context) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode peers = json.putArray("peers");
        speaker.peers().forEach(peer -> peers.add(view(peer)));
        answer(context, json);
    }

    private PeerHandle peer(Context context) {
        String name = context.pathParam("name");
        Optional<PeerHandle> byName = speaker.peer(name);
        return byName.or(() -> address(name))
                .orElseThrow(() -> new NotFoundResponse("there is no peer '" + name + "'"));
    }

    private Optional<PeerHandle> address(String text) {
        try {
            return speaker.peer(IpAddresses.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void act(Context context) {
        PeerHandle peer = peer(context);
        JsonNode body = ApiServer.parse(context.body());
        switch (context.pathParam("action")) {
            case "start" -> {
                allow(body);
                Daemon.await(peer.start());
            }
            case "stop" -> Daemon.await(peer.stop(reason(body)));
            case "reset" -> reset(peer, body);
            case "refresh" -> refresh(peer, body);
            case "bfd-down" -> {
                allow(body);
                Daemon.await(peer.bfdDown());
            }
            case "drain" -> {
                allow(body);
                Daemon.await(peer.startDrain());
            }
            case "undrain" -> {
                allow(body);
                Daemon.await(peer.endDrain());
            }
            default -> throw new NotFoundResponse("a peer can start, stop, reset, refresh, drain, undrain or bfd-down");
        }
        daemon.changeLog()
                .commanded(ApiServer.who(context), "peer " + peer.name() + ": " + context.pathParam("action"));
        answer(context, view(peer.status()));
    }

    private static String reason(JsonNode body) {
        allow(body, "reason");
        return body.path("reason").asText("");
    }

    private static void reset(PeerHandle peer, JsonNode body) {
        allow(body, "reason", "graceful");
        JsonNode graceful = body.path("graceful");
        if (!graceful.isMissingNode() && !graceful.isBoolean()) {
            throw new IllegalArgumentException("graceful is true or false: " + graceful);
        }
        String reason = body.path("reason").asText("");
        Daemon.await(graceful.asBoolean() ? peer.resetGracefully(reason) : peer.reset(reason));
    }

    private static void refresh(PeerHandle peer, JsonNode body) {
        allow(body, "direction", "family");
        String direction = body.path("direction").asText("both");
        if (!Set.of("in", "out", "both").contains(direction)) {
            throw new IllegalArgumentException("direction is in, out or both: '" + direction + "'");
        }
        Set<AddressFamily> families = body.has("family")
                ? Set.of(Values.family(body.get("family").asText()))
                : peer.config().families();
        List<CompletionStage<Void>> pending = new ArrayList<>();
        for (AddressFamily family : families) {
            if (!direction.equals("out")) {
                pending.add(peer.refreshIn(family));
            }
            if (!direction.equals("in")) {
                pending.add(peer.refreshOut(family));
            }
        }
        pending.forEach(Daemon::await);
    }

    static void allow(JsonNode body, String... keys) {
        body.fieldNames().forEachRemaining(name -> {
            if (!Arrays.asList(keys).contains(name)) {
                throw new IllegalArgumentException("unknown key '" + name + "'");
            }
        });
    }

    private void routes(Context context) {
        Optional<String> peer = query(context, "peer", Function.identity());
        RouteQuery.Table table = query(context, "table", ApiRoutes::table)
                .orElse(peer.isPresent() ? RouteQuery.Table.ADJ_RIB_IN : RouteQuery.Table.LOC_RIB);
        Optional<String> name =
                peer.map(text -> address(text).map(each -> each.config().name()).orElse(text));
        if (table != RouteQuery.Table.LOC_RIB
                && name.isPresent()
                && speaker.peer(name.get()).isEmpty()) {
            throw new NotFoundResponse("there is no peer '" + name.get() + "'");
        }
        RouteQuery query = new RouteQuery(
                table,
                name,
                query(context, "family", Values::family),
                query(context, "prefix", Prefix::of),
                query(context, "cursor", text -> number("cursor", text)).orElse(0L),
                query(context, "limit", text -> (int) Math.min(Integer.MAX_VALUE, number("limit", text)))
                        .orElse(DEFAULT_LIMIT));
        answer(context, Views.routes(Daemon.await(speaker.routes(query))));
    }

    private static RouteQuery.Table table(String text) {
        return Arrays.stream(RouteQuery.Table.values())
                .filter(table -> Values.kebab(table).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("table is loc-rib, adj-rib-in or adj-rib-out: '" + text + "'"));
    }

    private static long number(String name, String text) {
        if (!text.matches("\\d{1,18}")) {
            throw new IllegalArgumentException(name + " is not a number: '" + text + "'");
        }
        return Long.parseLong(text);
    }

    private static <T> Optional<T> query(Context context, String name, Function<String, T> parser) {
        return Optional.ofNullable(context.queryParam(name)).map(parser);
    }

    private void explain(Context context) {
        String text = context.pathParamMap().containsKey("address")
                ? context.pathParam("address") + "/" + context.pathParam("length")
                : query(context, "prefix", Function.identity())
                        .orElseThrow(() -> new IllegalArgumentException("'prefix' is missing"));
        answer(context, Views.explanation(Daemon.await(speaker.explain(Prefix.of(text)))));
    }

    private void circuits(Context context) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode circuits = json.putArray("circuits");
        speaker.circuitGroups().forEach(group -> circuits.add(Views.circuit(group)));
        answer(context, json);
    }

    private void reload(Context context) throws ConfigException {
        String body = context.body();
        String who = ApiServer.who(context);
        Reload reload = body.isBlank() ? daemon.reload(who) : daemon.replace(body, who);
        answer(context, Views.reload(reload));
    }

    private void announce(Context context) throws ConfigException {
        Map<Prefix, PathAttributes> announcement = ConfigReader.announcement(context.body());
        PathAttributes attributes = announcement.values().iterator().next();
        Daemon.await(speaker.announce(announcement.keySet(), attributes));
        daemon.changeLog().commanded(ApiServer.who(context), named("announce", announcement.keySet()));
        answer(context, count("announced", announcement.size()));
    }

    private void withdraw(Context context) {
        JsonNode body = ApiServer.parse(context.body());
        allow(body, "prefixes");
        List<Prefix> prefixes = new ArrayList<>();
        body.path("prefixes").forEach(each -> prefixes.add(Prefix.of(each.asText())));
        if (prefixes.isEmpty()) {
            throw new IllegalArgumentException("'prefixes' is missing or empty");
        }
        Daemon.await(speaker.withdraw(prefixes));
        daemon.changeLog().commanded(ApiServer.who(context), named("withdraw", prefixes));
        answer(
                context,
                count("withdrawn", prefixes.stream().collect(Collectors.toSet()).size()));
    }

    private static String named(String what, Collection<Prefix> prefixes) {
        return what + " " + prefixes.size() + " prefixes: "
                + prefixes.stream().limit(10).map(Prefix::toString).collect(Collectors.joining(", "))
                + (prefixes.size() > 10 ? ", …" : "");
    }

    private static ObjectNode count(String what, int number) {
        return JsonNodeFactory.instance.objectNode().put(what, number);
    }
}
