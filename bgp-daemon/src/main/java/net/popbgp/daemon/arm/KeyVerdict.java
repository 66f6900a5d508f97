package net.popbgp.daemon.arm;

import java.util.List;
import java.util.Optional;

/**
 * What became of a service key's validation. Immutable.
 *
 * @param resource the circuit, if there is one; bandwidth and peering location are taken from it
 * @param problems why the key cannot be used; empty if it can
 * @param notes what differs but does not keep it from being used
 */
public record KeyVerdict(
        String serviceKey, Optional<AzureResource> resource, List<String> problems, List<String> notes) {

    public KeyVerdict {
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    public boolean valid() {
        return problems.isEmpty();
    }
}
