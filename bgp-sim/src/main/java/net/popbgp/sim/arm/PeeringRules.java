package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;

/** Reads a peering from a request and refuses what Azure does not take. No state. */
final class PeeringRules {

    private static final Pattern SHARED_KEY = Pattern.compile("[A-Za-z0-9]{1,25}");
    private static final long RESERVED_FIRST = 65515;
    private static final long RESERVED_LAST = 65520;
    private static final int LINK_LENGTH = 30;

    private PeeringRules() {}

    /**
     * Reads the {@code properties} of a peering.
     *
     * @param azureAs the router's own AS, which a PoP cannot have
     * @param present what it is now; its key stays when the request has none, and an empty key removes it
     * @param others the circuit's other peerings
     * @param spaces the address spaces of linked virtual networks
     */
    static ArmPeering read(
            String type,
            JsonNode properties,
            Asn azureAs,
            Optional<ArmPeering> present,
            Collection<ArmPeering> others,
            Collection<Prefix> spaces) {
        String named = properties.path("peeringType").asText(type);
        if (!named.equals(type)) {
            throw ArmException.invalid("peeringType", "must be '" + type + "', as in the address, not '" + named + "'");
        }
        if (properties.has("ipv6PeeringConfig")) {
            throw ArmException.invalid("ipv6PeeringConfig", "is not supported by this simulator");
        }
        Prefix primary = link("primaryPeerAddressPrefix", properties);
        Prefix secondary = link("secondaryPeerAddressPrefix", properties);
        requireApart(primary, secondary, spaces);
        Optional<ObjectNode> microsoft = Optional.of(properties.path("microsoftPeeringConfig"))
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast);
        if (type.equals(ArmPeering.PRIVATE) && microsoft.isPresent()) {
            throw ArmException.invalid("microsoftPeeringConfig", "belongs to MicrosoftPeering only");
        }
        return new ArmPeering(
                type,
                enabled(properties),
                peerAs(properties, azureAs),
                primary,
                secondary,
                vlan(properties, others),
                sharedKey(properties, present),
                microsoft,
                "Customer");
    }

    private static Prefix link(String property, JsonNode properties) {
        String text = properties.path(property).asText();
        if (text.isEmpty()) {
            throw ArmException.invalid(property, "is required");
        }
        Prefix prefix;
        try {
            prefix = Prefix.of(text);
        } catch (IllegalArgumentException e) {
            throw ArmException.invalid(property, "is no IPv4 /30: " + e.getMessage());
        }
        if (!prefix.isIpv4() || prefix.length() != LINK_LENGTH) {
            throw ArmException.invalid(property, "must be an IPv4 /30, not " + prefix);
        }
        return prefix;
    }

    private static void requireApart(Prefix primary, Prefix secondary, Collection<Prefix> spaces) {
        if (primary.equals(secondary)) {
            throw ArmException.invalid("secondaryPeerAddressPrefix", "must not overlap the primary " + primary);
        }
        for (Prefix space : spaces) {
            if (space.covers(primary) || space.covers(secondary)) {
                throw ArmException.invalid(
                        space.covers(primary) ? "primaryPeerAddressPrefix" : "secondaryPeerAddressPrefix",
                        "must not overlap the address space " + space + " of a linked virtual network");
            }
        }
    }

    private static boolean enabled(JsonNode properties) {
        String state = properties.path("state").asText("Enabled");
        if (!state.equals("Enabled") && !state.equals("Disabled")) {
            throw ArmException.invalid("state", "must be 'Enabled' or 'Disabled', not '" + state + "'");
        }
        return state.equals("Enabled");
    }

    private static Asn peerAs(JsonNode properties, Asn azureAs) {
        JsonNode value = properties.path("peerASN");
        long number = value.canConvertToLong() ? value.asLong() : 0;
        if (number < 1 || number > 0xFFFF_FFFFL) {
            throw ArmException.invalid("peerASN", "must be 1..4294967295, not " + value.asText("missing"));
        }
        if (number >= RESERVED_FIRST && number <= RESERVED_LAST || number == azureAs.value() || number == 23456) {
            throw ArmException.invalid("peerASN", "must not be " + number + ", which is reserved");
        }
        return Asn.of(number);
    }

    private static int vlan(JsonNode properties, Collection<ArmPeering> others) {
        JsonNode value = properties.path("vlanId");
        if (!value.canConvertToInt() || value.asInt() < 1 || value.asInt() > 4094) {
            throw ArmException.invalid("vlanId", "must be 1..4094, not " + value.asText("missing"));
        }
        for (ArmPeering other : others) {
            if (other.vlan() == value.asInt()) {
                throw ArmException.invalid(
                        "vlanId", "must differ from the one of " + other.type() + ", which is " + other.vlan());
            }
        }
        return value.asInt();
    }

    private static Optional<String> sharedKey(JsonNode properties, Optional<ArmPeering> present) {
        JsonNode value = properties.path("sharedKey");
        if (value.isMissingNode() || value.isNull()) {
            return present.flatMap(ArmPeering::sharedKey);
        }
        if (value.asText().isEmpty()) {
            return Optional.empty();
        }
        if (!SHARED_KEY.matcher(value.asText()).matches()) {
            throw ArmException.invalid(
                    "sharedKey",
                    "must have 1..25 letters and digits and nothing else; this one has "
                            + value.asText().length() + " characters");
        }
        return Optional.of(value.asText());
    }
}
