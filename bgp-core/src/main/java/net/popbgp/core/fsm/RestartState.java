package net.popbgp.core.fsm;

import net.popbgp.core.message.Capability;

/** What an OPEN says of our own restarts (RFC 4724, 3). */
public enum RestartState {
    /** We have started, and nobody has to know how. */
    STARTED,
    /** We have restarted: the R bit. */
    RESTARTED,
    /** We have been up with the peer before, and have kept our state since: the F bits, as RFC 8538, 4 wants them. */
    KEPT;

    /** {@return the capability as it is offered in this state; others than those of graceful restart stay as they are} */
    Capability apply(Capability capability) {
        if (capability instanceof Capability.GracefulRestart restart) {
            return new Capability.GracefulRestart(
                    this == RESTARTED,
                    restart.notification(),
                    restart.restartTime(),
                    restart.families().stream()
                            .map(each -> new Capability.GracefulRestart.Family(
                                    each.family(), each.forwardingPreserved() || this == KEPT))
                            .toList());
        }
        if (capability instanceof Capability.LongLivedGracefulRestart longLived) {
            return new Capability.LongLivedGracefulRestart(longLived.families().stream()
                    .map(each -> new Capability.LongLivedGracefulRestart.Family(
                            each.family(), each.forwardingPreserved() || this == KEPT, each.staleTime()))
                    .toList());
        }
        return capability;
    }
}
