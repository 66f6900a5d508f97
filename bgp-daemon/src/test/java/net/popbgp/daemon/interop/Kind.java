package net.popbgp.daemon.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The daemons of the lab. */
enum Kind {
    BIRD("BIRD", "bird birdc", "bird --version") {
        @Override
        Foreign create(Host host, Path folder, String routerId) {
            return new Bird(host, folder, routerId);
        }
    },
    FRR("FRR", "bgpd vtysh", "/usr/lib/frr/bgpd --version") {
        @Override
        Foreign create(Host host, Path folder, String routerId) {
            return new Frr(host, folder, routerId);
        }
    },
    GOBGP("GoBGP", "gobgpd gobgp", "gobgpd --version") {
        @Override
        Foreign create(Host host, Path folder, String routerId) {
            return new Gobgp(host, folder, routerId);
        }
    };

    final String title;
    private final String programs;
    private final String versionCommand;

    Kind(String title, String programs, String versionCommand) {
        this.title = title;
        this.programs = programs;
        this.versionCommand = versionCommand;
    }

    /** {@return what must be installed to play with this daemon; the {@link Feeder} is a BIRD} */
    List<String> required() {
        List<String> all = new ArrayList<>(List.of("ip", "setsid"));
        all.addAll(List.of(BIRD.programs.split(" ")));
        all.addAll(List.of(programs.split(" ")));
        return all;
    }

    /** {@return the version, as the daemon tells it} */
    String version() throws InterruptedException {
        try {
            return Commands.run(versionCommand.split(" ")).lines().findFirst().orElse("unknown");
        } catch (IOException e) {
            return "not installed";
        }
    }

    abstract Foreign create(Host host, Path folder, String routerId);
}
