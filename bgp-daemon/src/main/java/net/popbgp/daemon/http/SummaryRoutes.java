package net.popbgp.daemon.http;

import static net.popbgp.daemon.http.ApiServer.answer;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.daemon.summary.OverCoverage;
import net.popbgp.daemon.summary.Suggestion;
import net.popbgp.daemon.summary.SuggestionJson;

/** The part of the REST interface that suggests summaries. Thread-safe. */
final class SummaryRoutes {

    private static final String BASE = "/api/v1";

    private final Daemon daemon;

    SummaryRoutes(Daemon daemon) {
        this.daemon = daemon;
    }

    void register(JavalinDefaultRoutingApi routes) {
        routes.post(BASE + "/summaries/suggest", this::suggest, RequestGuard.READS);
        routes.get(BASE + "/sites/{site}/summaries/suggest", this::suggestForSite);
    }

    private void suggest(Context context) {
        JsonNode body = ApiServer.parse(context.body());
        ApiRoutes.allow(body, "prefixes", "limit", "max-over-coverage", "never");
        List<Prefix> prefixes = prefixes(body, "prefixes");
        if (prefixes.isEmpty()) {
            throw new IllegalArgumentException("'prefixes' is missing or empty");
        }
        Suggestion.Wish wish = new Suggestion.Wish(
                body.has("limit") ? limit(body.path("limit").asText()) : OptionalInt.empty(),
                OverCoverage.of(body.path("max-over-coverage").asText("0%")),
                prefixes(body, "never"));
        answer(context, SuggestionJson.of(Suggestion.of(prefixes, wish)));
    }

    private static List<Prefix> prefixes(JsonNode body, String key) {
        if (body.has(key) && !body.get(key).isArray()) {
            throw new IllegalArgumentException("'" + key + "' is not a list");
        }
        List<Prefix> prefixes = new ArrayList<>();
        for (JsonNode each : body.path(key)) {
            if (prefixes.size() == Suggestion.MAX_PREFIXES) {
                throw new IllegalArgumentException(
                        "'" + key + "' has more than " + Suggestion.MAX_PREFIXES + " prefixes");
            }
            prefixes.add(Prefix.of(each.asText()));
        }
        return prefixes;
    }

    private static OptionalInt limit(String text) {
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < 1) {
            throw new IllegalArgumentException("'limit' is not a number of 1 or more: '" + text + "'");
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    private void suggestForSite(Context context) {
        String name = context.pathParam("site");
        SiteConfig site =
                daemon.sites().config(name).orElseThrow(() -> new NotFoundResponse("there is no site '" + name + "'"));
        Suggestion.Wish wish = new Suggestion.Wish(
                RoutingTableParameters.given(context, "limit")
                        .map(SummaryRoutes::limit)
                        .orElse(OptionalInt.empty()),
                OverCoverage.of(RoutingTableParameters.given(context, "max-over-coverage")
                        .orElse("0%")),
                context.queryParams("never").stream()
                        .flatMap(each -> Stream.of(each.split(",")))
                        .map(Prefix::of)
                        .toList());
        Optional<CircuitRole> role = RoutingTableParameters.given(context, "circuit")
                .map(text -> Arrays.stream(CircuitRole.values())
                        .filter(each -> each.toString().equals(text))
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException("'circuit' is primary or secondary, not '" + text + "'")));
        answer(context, SuggestionJson.of(daemon.sites().suggest(site, role, wish)));
    }
}
