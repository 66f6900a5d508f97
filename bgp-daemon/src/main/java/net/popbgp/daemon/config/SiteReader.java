package net.popbgp.daemon.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.popbgp.core.net.Asn;
import net.popbgp.daemon.site.CircuitConfig;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.CloudProfile;
import net.popbgp.daemon.site.LanMonitoring;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.daemon.site.Sku;

/** Reads {@code sites}, and lints them against the contract of their clouds. Used by one thread. */
final class SiteReader {

    private static final String DEFAULT_PROVIDER = "azure";

    private final Optional<Asn> localAs;
    private final CircuitReader circuits;
    private final SiteLint lint;
    private final Map<String, CloudProfile> profiles = new TreeMap<>();

    SiteReader(Secrets secrets, Optional<Asn> localAs, SiteLint lint) {
        this.localAs = localAs;
        this.lint = lint;
        circuits = new CircuitReader(secrets, localAs, lint);
    }

    /** {@return the sites; those with errors are left out} */
    List<SiteConfig> read(Section root) {
        List<SiteConfig> sites = new ArrayList<>();
        List<ConfigNode> items = root.items("sites");
        if (items.size() > ConfigReader.MAX_PEERS / 2) {
            root.get("sites").ifPresent(node -> node.error("more than " + ConfigReader.MAX_PEERS / 2 + " sites"));
            return sites;
        }
        Set<String> names = new HashSet<>();
        for (ConfigNode item : items) {
            item.section().flatMap(this::site).ifPresent(site -> {
                if (names.add(site.name())) {
                    sites.add(site);
                } else {
                    item.error("another site is named '" + site.name() + "'");
                }
            });
        }
        LanMonitoringReader.checkRate(root, sites);
        localAs.ifPresent(asn -> profiles.values().forEach(profile -> lint.localAs(root, asn, profile)));
        return sites;
    }

    /** {@return the profiles of the sites that were read, by the names of the providers} */
    Map<String, CloudProfile> profiles() {
        return Map.copyOf(profiles);
    }

    private Optional<SiteConfig> site(Section section) {
        Optional<String> name = section.require("name", SiteReader::name);
        String description = section.read("description", "", text -> text);
        String provider = section.read("provider", DEFAULT_PROVIDER, text -> text);
        SiteConfig.Type type = section.read("type", SiteConfig.Type.BRANCH, Values.oneOf(SiteConfig.Type.class));
        Sku sku = section.read("sku", Sku.STANDARD, Values.oneOf(Sku.class));
        Optional<CloudProfile> profile = CloudProfile.named(provider);
        if (profile.isEmpty()) {
            section.get("provider").orElse(section.self()).error("no profile of a cloud is named '" + provider + "'");
        }
        profile.ifPresent(each -> profiles.put(provider, each));
        profile.filter(each -> each.maxPrefixes(sku).isEmpty())
                .ifPresent(each -> section.get("sku")
                        .orElse(section.self())
                        .error(each.title() + " has no tier " + Values.kebab(sku)));
        List<CircuitConfig> read = new ArrayList<>();
        List<ConfigNode> items = section.items("circuits");
        if (items.isEmpty() || items.size() > 2) {
            section.get("circuits")
                    .orElse(section.self())
                    .error("a site has one or two circuits, the primary first, not " + items.size());
        } else {
            for (int i = 0; i < items.size() && profile.isPresent(); i++) {
                CircuitRole role = CircuitRole.values()[i];
                items.get(i)
                        .section()
                        .flatMap(each -> circuits.read(section, each, role, profile.get(), sku))
                        .ifPresent(read::add);
            }
        }
        LanMonitoring lanMonitoring = section.get("lan-monitoring").isEmpty() || read.isEmpty()
                ? LanMonitoring.OFF
                : LanMonitoringReader.read(section, read.get(0).cloudAddress(), SitePolicyReader::track);
        circuits.finish(section, profile.isPresent());
        if (name.isEmpty() || read.isEmpty() || read.size() != items.size()) {
            return Optional.empty();
        }
        SiteConfig site = new SiteConfig(name.get(), description, provider, type, sku, read, lanMonitoring);
        lint.site(section, site, profile.orElseThrow());
        return Optional.of(site);
    }

    private static String name(String text) {
        Values.name(text);
        if (text.length() > SiteConfig.MAX_NAME) {
            throw new IllegalArgumentException("a site's name has at most " + SiteConfig.MAX_NAME
                    + " characters, as its peers are called after it: '" + text + "'");
        }
        return text;
    }
}
