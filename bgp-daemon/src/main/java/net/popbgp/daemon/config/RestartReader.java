package net.popbgp.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.popbgp.speaker.PeerConfig;

/** Reads the section about restarts of the daemon's own. No state. */
final class RestartReader {

    private RestartReader() {}

    /** @param directory what a relative path starts from */
    static RestartConfig read(Section root, Path directory) {
        return root.section("graceful-restart")
                .map(section -> restart(section, directory))
                .orElse(RestartConfig.DEFAULT);
    }

    /** Warns where the section changes nothing. */
    static void advise(Section root, List<PeerConfig> peers) {
        if (peers.stream().noneMatch(peer -> peer.gracefulRestart().enabled())) {
            root.get("graceful-restart")
                    .ifPresent(node -> node.warning("no peer has 'graceful-restart': none waits for a restart"));
        }
    }

    private static RestartConfig restart(Section section, Path directory) {
        Optional<Path> stateFile = section.require("state-file", text -> Values.file(text, directory));
        Duration deferral =
                section.read("selection-deferral", RestartConfig.DEFAULT.selectionDeferral(), Values::positiveDuration);
        RestartConfig.OnStop onStop =
                section.read("on-stop", RestartConfig.DEFAULT.onStop(), Values.oneOf(RestartConfig.OnStop.class));
        section.finish();
        return new RestartConfig(stateFile, deferral, onStop);
    }
}
