package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import net.popbgp.sim.azure.Sku;

/**
 * The SKU of a circuit and what it allows. Immutable.
 *
 * @param tier decides the limits
 * @param family how the traffic is billed
 */
public record CircuitSku(Tier tier, Family family) {

    /** The tiers. Basic is an old name that has the limits of Standard. */
    public enum Tier {
        Basic,
        Local,
        Standard,
        Premium;

        /** {@return what decides the router's limits} */
        Sku sku() {
            return switch (this) {
                case Premium -> Sku.PREMIUM;
                case Local -> Sku.LOCAL;
                case Standard, Basic -> Sku.STANDARD;
            };
        }

        static Tier of(Sku sku) {
            return switch (sku) {
                case PREMIUM -> Premium;
                case LOCAL -> Local;
                case STANDARD -> Standard;
            };
        }
    }

    /** How traffic is billed. */
    public enum Family {
        MeteredData,
        UnlimitedData
    }

    /** What can be ordered, Mbit/s. */
    static final List<Integer> BANDWIDTHS = List.of(50, 100, 200, 500, 1000, 2000, 5000, 10_000);

    private static final int STANDARD_VNETS = 10;
    private static final Map<Integer, Integer> PREMIUM_VNETS =
            Map.of(50, 20, 100, 25, 200, 25, 500, 40, 1000, 50, 2000, 60, 5000, 75, 10_000, 100);

    /** {@return {@code Standard_MeteredData}} */
    String name() {
        return tier + "_" + family;
    }

    /** {@return how many virtual networks may be linked to a circuit} */
    int maxVnets(int bandwidthMbps) {
        return tier == Tier.Premium ? PREMIUM_VNETS.getOrDefault(bandwidthMbps, STANDARD_VNETS) : STANDARD_VNETS;
    }

    /** Reads a {@code sku}: tier and family, and a name that must agree if it is given. */
    static CircuitSku of(JsonNode json) {
        if (!json.isObject()) {
            throw ArmException.invalid("sku", "is required");
        }
        CircuitSku sku = new CircuitSku(
                constant(Tier.class, "sku.tier", json.path("tier")),
                constant(Family.class, "sku.family", json.path("family")));
        String name = json.path("name").asText(sku.name());
        if (!name.equalsIgnoreCase(sku.name())) {
            throw ArmException.invalid("sku.name", "must be '" + sku.name() + "', not '" + name + "'");
        }
        if (sku.tier == Tier.Local && sku.family == Family.MeteredData) {
            throw ArmException.invalid("sku.family", "must be 'UnlimitedData' with tier 'Local'");
        }
        return sku;
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String property, JsonNode value) {
        for (E each : type.getEnumConstants()) {
            if (each.name().equalsIgnoreCase(value.asText())) {
                return each;
            }
        }
        throw ArmException.invalid(
                property, "must be one of " + List.of(type.getEnumConstants()) + ", not '" + value.asText() + "'");
    }

    /**
     * Refuses changes that Azure does not make: from unlimited to metered, and, which is not documented, to Basic. To Local, which the portal does
     * not do, there is a way by the interface.
     */
    void requireChangeTo(CircuitSku next) {
        if (family == Family.UnlimitedData && next.family == Family.MeteredData) {
            throw refused(next, "A circuit cannot go back from UnlimitedData to MeteredData");
        }
        if (next.tier != tier && next.tier == Tier.Basic) {
            throw refused(next, "A circuit cannot be changed to tier " + next.tier);
        }
    }

    private ArmException refused(CircuitSku next, String why) {
        return new ArmException(
                400, "CircuitSkuUpdateNotAllowed", why + " (SKU " + name() + " to " + next.name() + ").");
    }

    /** {@return an orderable bandwidth, not less than the present one} */
    static int bandwidth(JsonNode value, int present) {
        if (!value.canConvertToInt() || !BANDWIDTHS.contains(value.asInt())) {
            throw ArmException.invalid(
                    "serviceProviderProperties.bandwidthInMbps",
                    "must be one of " + BANDWIDTHS + ", not " + value.asText("missing"));
        }
        if (value.asInt() < present) {
            throw new ArmException(
                    400,
                    "CircuitBandwidthCannotBeReduced",
                    "The bandwidth of a circuit can grow but not shrink: " + present + " Mbps to " + value.asInt()
                            + " Mbps.");
        }
        return value.asInt();
    }
}
