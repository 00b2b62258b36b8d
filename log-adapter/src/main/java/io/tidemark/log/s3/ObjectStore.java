package io.tidemark.log.s3;

import io.tidemark.base.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The part of an object store that a log needs: immutable objects below one root, created at most
/// once each.
///
/// Keys are relative to the root and consist of letters, digits, `-` and `/`. A call is *one*
/// request: the store behind it never tries again by itself, so that every attempt is the caller's
/// to see. Every call may be made from any thread and returns without blocking; each future
/// completes within the store's time limit, maybe on a thread of the store's, and what hangs on it
/// must be short and must not block.
///
/// What was created is durable, and every read that begins afterwards finds it.
public interface ObjectStore extends AutoCloseable {
  /// The largest object that may be created, in bytes.
  int OBJECT_BYTES_MAX = 48 << 20;

  /// The most keys that one [#delete] takes.
  int DELETE_KEYS_MAX = 1_000;

  /// Creates the object if there is none of that name.
  ///
  /// The future fails with [StoreException.Refused] alone: this request had no effect and will have
  /// none. Whatever else goes wrong is [Creation.Undecided].
  CompletableFuture<Creation> putIfAbsent(String key, Bytes body);

  /// Reads the whole object; nothing where there is none.
  ///
  /// The future fails with a [StoreException].
  CompletableFuture<Optional<Bytes>> get(String key);

  /// Names some of the objects whose keys begin with `prefix`, in no order that could be relied on:
  /// each is on one page, and one that was created or deleted meanwhile may be on none.
  ///
  /// The future fails with a [StoreException].
  ///
  /// @param after what [Page#next] said, or nothing for the first page
  CompletableFuture<Page> list(String prefix, Optional<String> after);

  /// Deletes these objects; those that are not there are no failure.
  ///
  /// The future fails with a [StoreException]; some of them may then be gone.
  ///
  /// @param keys one to [#DELETE_KEYS_MAX]
  CompletableFuture<Void> delete(List<String> keys);

  /// Where it is, for people.
  @Override
  String toString();

  /// Lets go of connections; what is under way fails.
  @Override
  void close();

  /// Some keys.
  ///
  /// @param next where the next page begins, for [#list]; nothing on the last page
  record Page(List<String> keys, Optional<String> next) {
    /// Copies the list.
    public Page {
      keys = List.copyOf(keys);
    }
  }

  /// What became of a put-if-absent.
  sealed interface Creation {
    /// The object is there, with this body, by this request.
    record Created() implements Creation {}

    /// There is an object of that name. It may be this caller's own, by an earlier request whose
    /// reply was lost.
    record Exists() implements Creation {}

    /// Nobody knows: the request may have had its effect, may have none, or may yet have it, even
    /// much later.
    ///
    /// @param why for people
    /// @param throttled whether the store asks for fewer requests
    record Undecided(String why, boolean throttled) implements Creation {}
  }
}
