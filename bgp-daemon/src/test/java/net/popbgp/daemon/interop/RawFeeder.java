package net.popbgp.daemon.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import net.popbgp.daemon.ChildJvm;

/** A feeder that is a {@link RawSpeaker}, with one route and its attributes as octets. For one thread. */
final class RawFeeder extends Feeder {

    private final byte[] update;

    RawFeeder(Cell cell, Path folder, int hostNumber, byte[] update) throws IOException, InterruptedException {
        super(cell, folder, hostNumber);
        this.update = update;
    }

    @Override
    void start() throws IOException {
        Files.createDirectories(folder());
        for (LabSession each : bird.sessions) {
            String[] arguments = {
                each.local,
                each.remote,
                String.valueOf(each.localAs),
                HexFormat.of().formatHex(update)
            };
            host().start(
                            folder().resolve("raw.log"),
                            Map.of(),
                            ChildJvm.main(RawSpeaker.class, ClassArchive.get().options(), arguments));
        }
    }
}
