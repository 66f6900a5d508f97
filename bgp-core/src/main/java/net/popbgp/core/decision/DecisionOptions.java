package net.popbgp.core.decision;

/**
 * What can be chosen about the Decision Process.
 *
 * <p>Immutable.
 *
 * @param honourDrain whether a route that its neighbour drains loses before the metric is asked
 * @param drainThreshold how many more leading repetitions of the neighbouring AS than the least prepended route make a route drained,
 *     1..255
 */
public record DecisionOptions(boolean honourDrain, int drainThreshold) {

    /** Drains are honoured from four more repetitions on. */
    public static final DecisionOptions DEFAULT = new DecisionOptions(true, 4);

    public DecisionOptions {
        if (drainThreshold < 1 || drainThreshold > 255) {
            throw new IllegalArgumentException("drain threshold out of range 1..255: " + drainThreshold);
        }
    }
}
