package net.popbgp.core.fsm;

import net.popbgp.core.message.Capability;

/** What an OPEN says of our own restarts (RFC 4724, 3). */
public enum RestartState {
    /** We have started and do not know what was before: the F bits as configured. */
    STARTED(false, Preserved.AS_CONFIGURED),
    /** We have started and know that nothing was kept: no bit. */
    STARTED_ANEW(false, Preserved.NOTHING),
    /** We have restarted: the R bit, and the F bits as configured. */
    RESTARTED(true, Preserved.AS_CONFIGURED),
    /** We have restarted with the whole machine: the R bit alone, for no forwarding state survives that. */
    REBOOTED(true, Preserved.NOTHING),
    /** We have been up with the peer before, and have kept our state since: the F bits, as RFC 8538, 4 wants them. */
    KEPT(false, Preserved.ALL);

    /** Of which families the F bit says that the forwarding state was preserved. */
    private enum Preserved {
        NOTHING,
        AS_CONFIGURED,
        ALL
    }

    private final boolean restarted;
    private final Preserved preserved;

    RestartState(boolean restarted, Preserved preserved) {
        this.restarted = restarted;
        this.preserved = preserved;
    }

    /** {@return whether the R bit is set} */
    public boolean isRestarted() {
        return restarted;
    }

    /** {@return the capability as it is offered in this state; others than those of graceful restart stay as they are} */
    Capability apply(Capability capability) {
        if (capability instanceof Capability.GracefulRestart restart) {
            return new Capability.GracefulRestart(
                    restarted,
                    restart.notification(),
                    restart.restartTime(),
                    restart.families().stream()
                            .map(each -> new Capability.GracefulRestart.Family(
                                    each.family(), isPreserved(each.forwardingPreserved())))
                            .toList());
        }
        if (capability instanceof Capability.LongLivedGracefulRestart longLived) {
            return new Capability.LongLivedGracefulRestart(longLived.families().stream()
                    .map(each -> new Capability.LongLivedGracefulRestart.Family(
                            each.family(), isPreserved(each.forwardingPreserved()), each.staleTime()))
                    .toList());
        }
        return capability;
    }

    private boolean isPreserved(boolean configured) {
        return switch (preserved) {
            case NOTHING -> false;
            case AS_CONFIGURED -> configured;
            case ALL -> true;
        };
    }
}
