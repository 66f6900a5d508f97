package net.popbgp.core.route;

import java.util.Arrays;
import java.util.function.Predicate;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.ExtendedCommunity;
import net.popbgp.core.attribute.LargeCommunity;
import net.popbgp.core.attribute.PathAttributes;

/**
 * Communities of one kind, some or all of their numbers left open: {@code 65000:*} (RFC 1997), {@code 65000:*:7} (RFC 8092),
 * {@code rt:65000:*} (RFC 4360), or any single community as its type reads it.
 *
 * <p>Immutable.
 */
public final class CommunityPattern {

    private final String text;
    private final Predicate<Community> standard;
    private final Predicate<LargeCommunity> large;
    private final Predicate<ExtendedCommunity> extended;

    private CommunityPattern(
            String text,
            Predicate<Community> standard,
            Predicate<LargeCommunity> large,
            Predicate<ExtendedCommunity> extended) {
        this.text = text;
        this.standard = standard;
        this.large = large;
        this.extended = extended;
    }

    /**
     * Reads a community of any kind, {@code *} in place of a number.
     *
     * @throws IllegalArgumentException naming the text
     */
    public static CommunityPattern of(String text) {
        String[] parts = text.split(":", -1);
        // The open numbers are tried as zero: whatever is then not a community, is none with a star either.
        String sample = text.replace("*", "0");
        if (parts[0].equals("rt") || parts[0].equals("soo") || text.matches("[0-9a-fA-F]{16}")) {
            ExtendedCommunity exact = requireStars(text, parts, ExtendedCommunity.of(sample));
            return new CommunityPattern(
                    text, none -> false, none -> false, each -> matches(parts, each.toString(), exact.equals(each)));
        }
        if (parts.length == 3) {
            LargeCommunity exact = requireStars(text, parts, LargeCommunity.of(sample));
            return new CommunityPattern(
                    text, none -> false, each -> matches(parts, each.toString(), exact.equals(each)), none -> false);
        }
        Community exact = requireStars(text, parts, Community.of(sample));
        return new CommunityPattern(
                text, each -> matches(parts, each.toString(), exact.equals(each)), none -> false, none -> false);
    }

    private static <T> T requireStars(String text, String[] parts, T community) {
        if (Arrays.stream(parts).anyMatch(part -> part.contains("*") && !part.equals("*"))) {
            throw new IllegalArgumentException("a * stands for a whole number of a community: '" + text + "'");
        }
        return community;
    }

    private static boolean matches(String[] pattern, String community, boolean equal) {
        if (equal || Arrays.stream(pattern).noneMatch("*"::equals)) {
            return equal;
        }
        String[] parts = community.split(":", -1);
        boolean all = parts.length == pattern.length;
        for (int i = 0; all && i < parts.length; i++) {
            all = pattern[i].equals("*") || pattern[i].equals(parts[i]);
        }
        return all;
    }

    boolean matches(Community community) {
        return standard.test(community);
    }

    boolean matches(LargeCommunity community) {
        return large.test(community);
    }

    boolean matches(ExtendedCommunity community) {
        return extended.test(community);
    }

    /** {@return whether a route with these attributes has a community of the pattern} */
    public boolean matches(PathAttributes attributes) {
        return attributes.communities().stream().anyMatch(standard)
                || attributes.largeCommunities().stream().anyMatch(large)
                || attributes.extendedCommunities().stream().anyMatch(extended);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CommunityPattern that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
