package net.popbgp.daemon.arm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.popbgp.core.net.Asn;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.SiteConfig;

/** Validates service keys: which circuit a key stands for, and whether it can be used here (A34). Thread-safe. */
final class ServiceKeys {

    private static final Pattern GUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final String PROVIDER = "Equinix";

    private final AzureConfig config;
    private final PeeringLocations locations;
    private final List<SiteConfig> sites;
    private final Asn localAs;

    /** @param sites those that are configured; a key is used once only */
    ServiceKeys(AzureConfig config, List<SiteConfig> sites, Asn localAs) {
        this.config = config;
        this.locations = new PeeringLocations(config.peeringLocations());
        this.sites = List.copyOf(sites);
        this.localAs = localAs;
    }

    /** {@return all circuits of the subscription} */
    static List<AzureResource> circuits(ArmClient client, AzureConfig config) {
        return client
                .list("/subscriptions/" + config.subscription() + "/providers/Microsoft.Network/expressRouteCircuits")
                .stream()
                .map(AzureResource::of)
                .toList();
    }

    static Optional<AzureResource> find(List<AzureResource> circuits, String serviceKey) {
        return circuits.stream()
                .filter(each -> each.serviceKey().equalsIgnoreCase(serviceKey))
                .findFirst();
    }

    /** {@return whether the text is a GUID} */
    static boolean isGuid(String serviceKey) {
        return GUID.matcher(serviceKey).matches();
    }

    /** Validates a key for a circuit that is not configured yet, so that nobody else may have it. */
    KeyVerdict ofNewCircuit(ArmClient client, String serviceKey, String pop) {
        if (!isGuid(serviceKey)) {
            return malformed(serviceKey);
        }
        Optional<AzureResource> found = find(circuits(client, config), serviceKey);
        if (found.isEmpty()) {
            return unknown(serviceKey);
        }
        List<String> problems = new ArrayList<>();
        owner(serviceKey, Optional.empty()).ifPresent(problems::add);
        AzureResource resource = found.get();
        if (!resource.isUnused()) {
            problems.add("the key is used already: the provider's state of circuit '" + resource.name() + "' is "
                    + resource.providerState());
        }
        problems.addAll(general(resource, pop));
        return new KeyVerdict(serviceKey, found, problems, List.of());
    }

    /** Validates the key of a configured circuit against what is configured; its own peering is no other's. */
    KeyVerdict ofConfigured(List<AzureResource> circuits, SiteConfig site, CircuitConfig circuit) {
        if (circuit.serviceKey().isEmpty()) {
            return new KeyVerdict("", Optional.empty(), List.of("no service key is configured"), List.of());
        }
        String serviceKey = circuit.serviceKey().get().toString();
        Optional<AzureResource> found = find(circuits, serviceKey);
        if (found.isEmpty()) {
            return unknown(serviceKey);
        }
        List<String> problems = new ArrayList<>();
        owner(serviceKey, Optional.of(site.peerName(circuit.role()))).ifPresent(problems::add);
        AzureResource resource = found.get();
        resource.privatePeering().ifPresent(peering -> {
            if (!peering.primary().equals(circuit.subnet().toString())) {
                problems.add("the key is used already: the primary subnet of its private peering is "
                        + (peering.primary().isEmpty() ? "none" : peering.primary()) + ", here it is "
                        + circuit.subnet());
            }
        });
        problems.addAll(general(resource, circuit.pop()));
        return new KeyVerdict(serviceKey, found, problems, notes(resource, circuit));
    }

    private static KeyVerdict malformed(String serviceKey) {
        return new KeyVerdict(
                serviceKey,
                Optional.empty(),
                List.of("not a service key, which is a GUID as 3f2504e0-4f89-41d3-9a0c-0305e82c3301: '" + serviceKey
                        + "'"),
                List.of());
    }

    private KeyVerdict unknown(String serviceKey) {
        return new KeyVerdict(
                serviceKey,
                Optional.empty(),
                List.of("no circuit of subscription " + config.subscription() + " has this service key"),
                List.of());
    }

    private Optional<String> owner(String serviceKey, Optional<String> self) {
        return sites.stream()
                .flatMap(site -> site.circuits().stream()
                        .filter(circuit -> circuit.serviceKey()
                                .filter(key -> key.toString().equalsIgnoreCase(serviceKey))
                                .isPresent())
                        .map(circuit -> site.peerName(circuit.role())))
                .filter(name -> !self.equals(Optional.of(name)))
                .findFirst()
                .map(name -> "the key is used already, by " + name);
    }

    private List<String> general(AzureResource resource, String pop) {
        return Stream.of(provider(resource), location(resource, pop), licence(resource))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> provider(AzureResource resource) {
        return resource.provider().toLowerCase(Locale.ROOT).startsWith(PROVIDER.toLowerCase(Locale.ROOT))
                ? Optional.empty()
                : Optional.of(
                        "the circuit's provider is '" + resource.provider() + "', only " + PROVIDER + " is connected");
    }

    private Optional<String> location(AzureResource resource, String pop) {
        Optional<String> wanted = locations.of(pop);
        if (wanted.isEmpty()) {
            return Optional.of("which peering location belongs to PoP '" + pop
                    + "' is not known: add it to azure.peering-locations");
        }
        return wanted.get().equalsIgnoreCase(resource.peeringLocation())
                ? Optional.empty()
                : Optional.of("the circuit's peering location is '" + resource.peeringLocation() + "', PoP '" + pop
                        + "' needs '" + wanted.get() + "'");
    }

    private Optional<String> licence(AzureResource resource) {
        int licensed = config.licenceMbps().orElse(Integer.MAX_VALUE);
        return resource.bandwidthMbps() <= licensed
                ? Optional.empty()
                : Optional.of(
                        "the circuit has " + resource.bandwidthMbps() + " Mbit/s, the licence " + licensed + " Mbit/s");
    }

    private List<String> notes(AzureResource resource, CircuitConfig circuit) {
        List<String> notes = new ArrayList<>();
        resource.privatePeering().ifPresent(peering -> {
            if (peering.peerAs() != localAs.value()) {
                notes.add("Azure expects AS " + peering.peerAs() + ", ours is " + localAs);
            }
            circuit.vlan()
                    .filter(vlan -> vlan.vlan() != peering.vlan())
                    .ifPresent(vlan ->
                            notes.add("the VLAN is " + peering.vlan() + " at Azure and " + vlan.vlan() + " here"));
            if (!peering.state().equals("Enabled")) {
                notes.add("the private peering is " + peering.state());
            }
        });
        return notes;
    }
}
