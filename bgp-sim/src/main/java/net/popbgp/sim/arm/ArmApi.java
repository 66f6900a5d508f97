package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import net.popbgp.sim.azure.AzureEdge;

/** Azure Resource Manager over the circuits of an edge, without HTTP. Thread-safe: one request at a time. */
public final class ArmApi {

    private static final Pattern API_VERSION = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(-preview)?");
    private static final int TOO_MANY_REQUESTS = 429;

    private final ArmConfig config;
    private final CircuitStore store;
    private final Operations operations;
    private final VirtualNetworks networks;
    private final Circuits circuits;
    private final CrossConnections crossConnections;
    private int refusals;
    private int refusalStatus;
    private int refusalRetryAfter;

    /** @param clock the real time */
    public ArmApi(ArmConfig config, AzureEdge edge, Clock clock) {
        this.config = config;
        ArmClock scaled = new ArmClock(clock, config.clockSpeed());
        CircuitViews views = new CircuitViews(config.subscription());
        store = new CircuitStore(config, edge);
        operations = new Operations(scaled, config.subscription());
        networks = new VirtualNetworks(config, scaled, views, store, operations);
        RouterActions actions = new RouterActions(config, scaled, operations, networks);
        circuits = new Circuits(config, scaled, store, views, operations, networks, actions);
        crossConnections = new CrossConnections(config, scaled, store, views, operations, actions);
    }

    /** Never throws for what a caller does wrong; that is answered. */
    synchronized ArmResponse handle(ArmRequest request) {
        try {
            if (refusals > 0) {
                refusals--;
                throw new ArmException(
                        refusalStatus,
                        refusalStatus == TOO_MANY_REQUESTS ? "TooManyRequests" : "InternalServerError",
                        refusalStatus == TOO_MANY_REQUESTS
                                ? "The request is being throttled as the limit has been reached."
                                : "Encountered internal server error.",
                        refusalRetryAfter);
            }
            return answer(request);
        } catch (ArmException e) {
            return e.response();
        }
    }

    private ArmResponse answer(ArmRequest request) {
        Optional<String> subscription = request.subscription();
        if (request.size() == 0 || subscription.isEmpty()) {
            throw new ArmException(
                    404, "InvalidResourceType", "There is Microsoft.Network below a subscription, and nothing else.");
        }
        if (!subscription.get().equals(config.subscription())) {
            throw new ArmException(
                    404, "SubscriptionNotFound", "The subscription '" + subscription.get() + "' could not be found.");
        }
        String version = request.query().getOrDefault("api-version", "");
        if (!API_VERSION.matcher(version).matches()) {
            throw version.isEmpty()
                    ? new ArmException(
                            400,
                            "MissingApiVersionParameter",
                            "The api-version query parameter (?api-version=) is required for all requests.")
                    : new ArmException(
                            400, "InvalidApiVersionParameter", "The api-version '" + version + "' is invalid.");
        }
        String type = request.word(0);
        if (VirtualNetworks.has(type)) {
            return networks.handle(request);
        }
        return switch (type) {
            case "expressroutecircuits" -> circuits.handle(request);
            case "expressroutecrossconnections" -> crossConnections.handle(request);
            case "expressrouteserviceproviders" -> providers(request);
            case "locations" -> operations.show(request);
            default ->
                throw new ArmException(
                        404,
                        "InvalidResourceType",
                        "The resource type '" + request.name(0) + "' could not be found in the namespace"
                                + " 'Microsoft.Network' for api version '" + version + "'.");
        };
    }

    private ArmResponse providers(ArmRequest request) {
        if (request.size() != 1 || !request.isMethod("GET")) {
            throw request.notAllowed();
        }
        JsonNode list = ServiceProviders.list(config.subscription());
        return ArmResponse.ok(list);
    }

    // faults

    /**
     * Refuses the next requests.
     *
     * @param status 429 or 500 to 599
     * @param retryAfter seconds told, or less than zero for none
     */
    public synchronized void refuse(int count, int status, int retryAfter) {
        if (count < 0 || count > 1_000_000 || status != TOO_MANY_REQUESTS && (status < 500 || status > 599)) {
            throw new IllegalArgumentException("requests are refused 0..1000000 times with 429 or 500..599, not "
                    + count + " times with " + status);
        }
        refusals = count;
        refusalStatus = status;
        refusalRetryAfter = retryAfter;
    }

    /** Keeps a circuit from being found, as if its service key were wrong. */
    public synchronized void hide(String circuit, boolean on) {
        store.named(circuit).hide(on);
    }

    /** Shows the routers' tables as they are now, whatever happens. */
    public synchronized void freeze(String circuit, boolean on) {
        store.named(circuit).freeze(on);
    }

    /** Sets how far the provider is, against the rules too. */
    public synchronized void setProviderState(String circuit, String state) {
        ProviderState wanted = ProviderState.of(state)
                .orElseThrow(() -> new IllegalArgumentException(
                        "no such state: '" + state + "', there are " + List.of(ProviderState.values())));
        store.named(circuit).provisioning().force(wanted);
    }
}
