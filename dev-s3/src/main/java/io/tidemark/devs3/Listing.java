package io.tidemark.devs3;

import io.tidemark.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One page of a bucket's keys.
///
/// @param next where the following page begins, or nothing on the last one
record Listing(List<ObjectInfo> objects, List<String> commonPrefixes, Optional<String> next) {
  /// What is asked for.
  ///
  /// @param delimiter empty for none
  /// @param startAfter empty for the beginning
  /// @param token of the page before, empty for the first page
  record Query(Bytes prefix, Bytes delimiter, Bytes startAfter, String token, int keysMax) {}

  private static final char AFTER_KEY = 'k';
  private static final char AFTER_PREFIX = 'p';

  /// A page in the order of the keys.
  static Listing ordered(NavigableMap<Bytes, ObjectInfo> objects, Query query) {
    var found = new ArrayList<ObjectInfo>();
    var prefixes = new ArrayList<String>();
    String last = "";
    Optional<Bytes> from = start(query);
    while (from.isPresent()) {
      var entry = objects.ceilingEntry(from.get());
      if (entry == null || !entry.getKey().startsWith(query.prefix())) {
        break;
      }
      if (found.size() + prefixes.size() == query.keysMax()) {
        return new Listing(
            found, prefixes, query.keysMax() == 0 ? Optional.empty() : Optional.of(last));
      }
      Optional<Bytes> common = commonPrefix(entry.getKey(), query);
      if (common.isPresent()) {
        prefixes.add(common.get().utf8());
        last = token(AFTER_PREFIX, common.get());
        from = common.get().afterPrefix();
      } else {
        found.add(entry.getValue());
        last = token(AFTER_KEY, entry.getKey());
        from = Optional.of(entry.getKey().successor());
      }
    }
    return new Listing(found, prefixes, Optional.empty());
  }

  /// A page in an order of no meaning, as directory buckets have it: by a hash of the key.
  static Listing unordered(NavigableMap<Bytes, ObjectInfo> objects, Query query) {
    var shuffled =
        new TreeMap<Bytes, Object>(Comparator.<Bytes, String>comparing(ObjectFile::nameOf));
    var grouped = new LinkedHashMap<Bytes, Object>();
    for (var entry : objects.tailMap(query.prefix()).entrySet()) {
      if (!entry.getKey().startsWith(query.prefix())) {
        break;
      }
      Optional<Bytes> common = commonPrefix(entry.getKey(), query);
      grouped.put(
          common.orElse(entry.getKey()), common.isPresent() ? common.get() : entry.getValue());
    }
    shuffled.putAll(grouped);
    var found = new ArrayList<ObjectInfo>();
    var prefixes = new ArrayList<String>();
    String last = "";
    var rest =
        query.token().isEmpty()
            ? shuffled
            : shuffled.tailMap(decode(query.token()).orElse(Bytes.EMPTY), false);
    for (var entry : rest.entrySet()) {
      if (found.size() + prefixes.size() == query.keysMax()) {
        return new Listing(
            found, prefixes, query.keysMax() == 0 ? Optional.empty() : Optional.of(last));
      }
      if (entry.getValue() instanceof ObjectInfo info) {
        found.add(info);
      } else {
        prefixes.add(entry.getKey().utf8());
      }
      last = token(AFTER_KEY, entry.getKey());
    }
    return new Listing(found, prefixes, Optional.empty());
  }

  private static Optional<Bytes> start(Query query) {
    Bytes after = query.startAfter();
    if (!query.token().isEmpty()) {
      Bytes last = decode(query.token()).orElse(Bytes.EMPTY);
      if (kind(query.token()) == AFTER_PREFIX) {
        return last.afterPrefix();
      }
      after = last;
    }
    Bytes from = after.isEmpty() ? Bytes.EMPTY : after.successor();
    return Optional.of(from.compareTo(query.prefix()) > 0 ? from : query.prefix());
  }

  private static Optional<Bytes> commonPrefix(Bytes key, Query query) {
    if (query.delimiter().isEmpty()) {
      return Optional.empty();
    }
    int end = query.prefix().length();
    for (; end + query.delimiter().length() <= key.length(); end++) {
      if (part(key, end, query.delimiter().length()).equals(query.delimiter())) {
        return Optional.of(part(key, 0, end + query.delimiter().length()));
      }
    }
    return Optional.empty();
  }

  private static Bytes part(Bytes of, int from, int length) {
    return Bytes.wrap(Arrays.copyOfRange(of.unsafeArray(), from, from + length));
  }

  private static String token(char kind, Bytes key) {
    byte[] named = (kind + key.utf8()).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(named);
  }

  private static char kind(String token) {
    return (char) bytes(token)[0];
  }

  private static Optional<Bytes> decode(String token) {
    byte[] named = bytes(token);
    return Optional.of(Bytes.utf8(new String(named, 1, named.length - 1, StandardCharsets.UTF_8)));
  }

  private static byte[] bytes(String token) {
    byte @Nullable [] named = null;
    try {
      named = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException wrong) {
      // As an empty one.
    }
    if (named == null || named.length < 2 || (named[0] != AFTER_KEY && named[0] != AFTER_PREFIX)) {
      throw new S3Exception(
          S3Error.INVALID_ARGUMENT, "The continuation token provided is incorrect");
    }
    return named;
  }
}
