package net.popbgp.daemon.site;

import java.util.OptionalInt;

/**
 * The VLAN tags of a circuit, as the provider assigned them. Immutable.
 *
 * @param vlan the tag of the peering (with QinQ the inner one, C-tag), 1..4094
 * @param outer the outer tag (S-tag) with QinQ, 1..4094; empty with a single tag (DOT1Q)
 */
public record Vlan(int vlan, OptionalInt outer) {

    public Vlan {
        check(vlan);
        outer.ifPresent(Vlan::check);
    }

    private static void check(int tag) {
        if (tag < 1 || tag > 4094) {
            throw new IllegalArgumentException("VLAN out of range 1..4094: " + tag);
        }
    }

    @Override
    public String toString() {
        return outer.isPresent() ? outer.getAsInt() + "." + vlan : Integer.toString(vlan);
    }
}
