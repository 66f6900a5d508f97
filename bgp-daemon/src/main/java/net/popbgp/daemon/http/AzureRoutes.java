package net.popbgp.daemon.http;

import static net.popbgp.daemon.http.ApiServer.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.BadGatewayResponse;
import io.javalin.http.ConflictResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.popbgp.core.net.Asn;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.arm.ArmFailure;
import net.popbgp.daemon.arm.Azure;
import net.popbgp.daemon.arm.AzureConfig;
import net.popbgp.daemon.arm.AzureSide;
import net.popbgp.daemon.arm.KeyVerdict;
import net.popbgp.daemon.site.SiteConfig;

/** The part of the REST interface that asks Azure. Thread-safe. */
final class AzureRoutes {

    private static final String BASE = "/api/v1/sites";

    private final Daemon daemon;
    private final Azure azure = new Azure();

    AzureRoutes(Daemon daemon) {
        this.daemon = daemon;
    }

    void register(JavalinDefaultRoutingApi routes) {
        routes.post(BASE + "/validate", this::validate);
        routes.get(BASE + "/{site}/azure", this::azureSide);
    }

    private void validate(Context context) {
        JsonNode body = ApiServer.parse(context.body());
        ApiRoutes.allow(body, "site", "service-key", "pop");
        boolean named = body.has("site");
        if (named == body.has("service-key") || named == body.has("pop")) {
            throw new IllegalArgumentException("'site' is needed, or 'service-key' and 'pop'");
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (named) {
            SiteConfig site = site(body.get("site").asText());
            List<KeyVerdict> verdicts =
                    ask(config -> azure.validate(config, daemon.config().sites(), localAs(), site));
            answer(context, AzureViews.verdicts(json, site, verdicts));
        } else {
            String pop = body.get("pop").asText();
            KeyVerdict verdict = ask(config -> azure.validate(
                    config,
                    daemon.config().sites(),
                    localAs(),
                    body.get("service-key").asText(),
                    pop));
            answer(context, AzureViews.verdict(json, pop, verdict));
        }
    }

    private void azureSide(Context context) {
        SiteConfig site = site(context.pathParam("site"));
        List<AzureSide> sides =
                ask(config -> azure.sides(config, daemon.config().sites(), localAs(), site));
        answer(context, AzureViews.sides(site, sides, daemon.speaker()));
    }

    private Asn localAs() {
        return daemon.config().speaker().localAs();
    }

    private SiteConfig site(String name) {
        return daemon.config().sites().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotFoundResponse("there is no site '" + name + "'"));
    }

    private <T> T ask(Function<AzureConfig, T> question) {
        Optional<AzureConfig> config = daemon.config().azure();
        if (config.isEmpty()) {
            throw new ConflictResponse("Azure cannot be asked: the configuration has no section 'azure' with 'endpoint'"
                    + " and 'subscription'");
        }
        try {
            return question.apply(config.get());
        } catch (ArmFailure e) {
            throw new BadGatewayResponse(String.valueOf(e.getMessage()));
        }
    }
}
