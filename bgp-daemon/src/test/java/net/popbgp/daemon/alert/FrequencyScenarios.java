package net.popbgp.daemon.alert;

import net.popbgp.daemon.scenario.Plays;
import net.popbgp.daemon.scenario.Scenario;
import net.popbgp.daemon.site.Track;

/** The scenario about mails, by the tests of the engine on a moved clock. */
public class FrequencyScenarios {

    @Plays(Scenario.S37)
    public void s37_ten_flaps_are_told_as_often_as_it_was_asked_for() {
        new AlertEngineTest().immediate_tells_each_of_the_20_changes_of_10_flaps();
        new AlertEngineTest()
                .others_tell_the_first_at_once_and_19_in_one_digest_when_the_window_ends(Track.Frequency.HOURLY, 1);
        new AlertEngineTest()
                .others_tell_the_first_at_once_and_19_in_one_digest_when_the_window_ends(Track.Frequency.DAILY, 24);
        new AlertEngineTest()
                .others_tell_the_first_at_once_and_19_in_one_digest_when_the_window_ends(Track.Frequency.WEEKLY, 168);
        new AlertEngineTest().a_digest_opens_a_window_and_a_quiet_window_closes_it();
    }
}
