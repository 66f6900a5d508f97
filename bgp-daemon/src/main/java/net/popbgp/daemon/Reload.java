package net.popbgp.daemon;

import java.util.List;

/** What a reload has done, step by step. Immutable. */
public record Reload(List<Step> steps) {

    /**
     * One step. Immutable.
     *
     * @param subject what it was about, as {@code peer azure-a} or {@code announce}
     * @param action added, removed, live, soft, restart, announced, withdrawn, or failed
     * @param detail for the operator, may be empty
     */
    public record Step(String subject, String action, String detail) {

        public boolean failed() {
            return action.equals("failed");
        }
    }

    public Reload {
        steps = List.copyOf(steps);
    }

    public boolean failed() {
        return steps.stream().anyMatch(Step::failed);
    }
}
