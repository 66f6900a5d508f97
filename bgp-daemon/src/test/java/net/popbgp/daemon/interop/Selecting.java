package net.popbgp.daemon.interop;

import java.io.IOException;
import java.util.Map;

/** A foreign daemon that tells whose paths it uses. */
interface Selecting {

    /** {@return for how many IPv4 prefixes it has selected the path of each session, by the sessions' names} */
    Map<String, Integer> selected() throws IOException, InterruptedException;
}
