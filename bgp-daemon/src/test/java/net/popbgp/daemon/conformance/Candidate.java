package net.popbgp.daemon.conformance;

/** A route that one part announces for the decision process, tagged with the community {@code 1:host}. Not thread-safe. */
final class Candidate {

    private final Who who;
    private long as;
    private String identifier;
    private int origin;
    private byte[] path;
    private String nextHop = "";
    private long med = -1;
    private long localPref = 100;
    private String originator = "";
    private String[] clusters = {};

    private Candidate(Who who) {
        this.who = who;
        as = who.as();
        identifier = who.identifier();
        path = Attributes.segment(2, 4, isInternal() ? 65050 : as);
    }

    static Candidate route(Who who) {
        return new Candidate(who);
    }

    Who who() {
        return who;
    }

    boolean isInternal() {
        return as == DaemonUnderTest.AS;
    }

    /** Makes the part one of another AS; its path is that AS alone. */
    Candidate as(long value) {
        as = value;
        return path(value);
    }

    long as() {
        return as;
    }

    Candidate identifier(String address) {
        identifier = address;
        return this;
    }

    Candidate origin(int value) {
        origin = value;
        return this;
    }

    Candidate path(long... asNumbers) {
        path = Attributes.segment(2, 4, asNumbers);
        return this;
    }

    Candidate pathOctets(byte[]... segments) {
        path = Octets.join(segments);
        return this;
    }

    /** Another next hop than the part itself. */
    Candidate nextHop(String address) {
        nextHop = address;
        return this;
    }

    Candidate med(long value) {
        med = value;
        return this;
    }

    Candidate localPref(long value) {
        localPref = value;
        return this;
    }

    Candidate originator(String address, String... clusterIds) {
        originator = address;
        clusters = clusterIds;
        return this;
    }

    Open open() {
        return Open.of(as, identifier);
    }

    byte[] announce(Site site, String... prefixes) {
        return attributes(site).announce(prefixes);
    }

    private Attributes attributes(Site site) {
        Attributes attributes = Attributes.none()
                .origin(origin)
                .add(Attributes.WELL_KNOWN, 2, path)
                .nextHop(nextHop.isEmpty() ? site.address(who) : nextHop);
        if (med >= 0) {
            attributes.med(med);
        }
        if (isInternal()) {
            attributes.localPref(localPref);
        }
        attributes.communities(tag());
        if (!originator.isEmpty()) {
            attributes.add(Attributes.OPTIONAL, 9, Octets.address(originator));
        }
        Octets list = Octets.empty();
        for (String cluster : clusters) {
            list.add(Octets.address(cluster));
        }
        return list.size() == 0 ? attributes : attributes.add(Attributes.OPTIONAL, 10, list.toArray());
    }

    private String tag() {
        return "1:" + who.host();
    }

    /** {@return whether an UPDATE carries this candidate's tag} */
    boolean isIn(Update update) {
        Update.Attribute communities = update.attributes().get(8);
        return communities != null && communities.hex().equals(String.format("%04x%04x", 1, who.host()));
    }

    @Override
    public String toString() {
        return who.name();
    }
}
