package net.popbgp.daemon.probe;

import net.popbgp.daemon.scenario.Plays;
import net.popbgp.daemon.scenario.Scenario;

/** The scenario about probes of a minute, by the test on a moved clock. */
public class MonitoringScenarios {

    @Plays(Scenario.S43)
    public void s43_nine_seconds_are_not_told_and_sixteen_are() {
        new LanTargetsTest().an_outage_of_nine_seconds_is_not_told_and_one_of_sixteen_is_at_the_third_miss();
    }
}
