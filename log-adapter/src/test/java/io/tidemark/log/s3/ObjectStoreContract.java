package io.tidemark.log.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.log.s3.ObjectStore.Creation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a log needs of an object store, whichever it is.
abstract class ObjectStoreContract {
  static final Bytes BODY = Bytes.utf8("a body");

  private static final int RACES = 30;
  private static final int WRITERS = 16;

  /// Opens an empty store; the test closes it.
  abstract ObjectStore open();

  @Test
  void anObjectIsCreatedOnce() {
    var store = open();
    assertThat(store.get("s/1").join()).isEmpty();
    assertThat(store.putIfAbsent("s/1", BODY).join()).isEqualTo(new Creation.Created());
    assertThat(store.putIfAbsent("s/1", Bytes.utf8("other")).join())
        .isEqualTo(new Creation.Exists());
    assertThat(store.get("s/1").join()).contains(BODY);
    assertThat(store.putIfAbsent("s/2", Bytes.EMPTY).join()).isEqualTo(new Creation.Created());
    assertThat(store.get("s/2").join()).contains(Bytes.EMPTY);
  }

  @Test
  void oneOfManyWritersWins() {
    var stores = IntStream.range(0, WRITERS).mapToObj(_ -> open()).toList();
    for (int race = 0; race < RACES; race++) {
      String key = "race/" + race;
      var attempts = new ArrayList<CompletableFuture<Creation>>();
      for (int writer = 0; writer < WRITERS; writer++) {
        attempts.add(stores.get(writer).putIfAbsent(key, Bytes.utf8("writer " + writer)));
      }
      var winners = new ArrayList<Bytes>();
      for (int writer = 0; writer < WRITERS; writer++) {
        switch (attempts.get(writer).join()) {
          case Creation.Created() -> winners.add(Bytes.utf8("writer " + writer));
          case Creation.Exists() -> {}
          // Some stores answer an error to those who lose.
          case Creation.Undecided(var why, _) -> assertThat(why).isNotBlank();
        }
      }
      assertThat(winners).as(key).hasSize(1);
      assertThat(stores.get(race % WRITERS).get(key).join()).contains(winners.getFirst());
    }
  }

  @Test
  void eachKeyIsOnOnePage() {
    var store = open();
    var keys = new TreeSet<String>();
    var creations = new ArrayList<CompletableFuture<Creation>>();
    for (int i = 0; i < 1_050; i++) {
      String key = "s/" + (i % 3) + "/" + (10_000 + i);
      keys.add(key);
      creations.add(store.putIfAbsent(key, BODY));
    }
    creations.forEach(creation -> assertThat(creation.join()).isEqualTo(new Creation.Created()));
    var _ = store.putIfAbsent("t/1", BODY).join();

    assertThat(all(store, "s/")).containsExactlyInAnyOrderElementsOf(keys);
    assertThat(all(store, "s/1/")).containsExactlyInAnyOrderElementsOf(keys.subSet("s/1/", "s/2/"));
    assertThat(all(store, "none")).isEmpty();
    var some = keys.stream().limit(1_000).toList();
    store.delete(some).join();
    assertThat(all(store, "s/")).hasSize(50).doesNotContainAnyElementsOf(some);
  }

  @Test
  void whatIsDeletedIsGoneAndMayBeCreatedAgain() {
    var store = open();
    var _ = store.putIfAbsent("a", BODY).join();
    store.delete(List.of("a", "none")).join();
    assertThat(store.get("a").join()).isEmpty();
    assertThat(store.putIfAbsent("a", BODY).join()).isEqualTo(new Creation.Created());
  }

  @Test
  void largeObjectsComeBackWhole() {
    var store = open();
    byte[] large = new byte[3 << 20];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) ((i * 31) >> 3);
    }
    assertThat(store.putIfAbsent("large", Bytes.copyOf(large)).join())
        .isEqualTo(new Creation.Created());
    assertThat(store.get("large").join()).contains(Bytes.wrap(large));
  }

  @Test
  void whatMakesNoSenseIsRefusedAtOnce() {
    var store = open();
    assertThatThrownBy(() -> store.putIfAbsent("a b", BODY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.get("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.delete(List.of())).isInstanceOf(IllegalArgumentException.class);
    var tooLarge = Bytes.wrap(new byte[ObjectStore.OBJECT_BYTES_MAX + 1]);
    assertThatThrownBy(() -> store.putIfAbsent("a", tooLarge))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static List<String> all(ObjectStore store, String prefix) {
    var keys = new ArrayList<String>();
    Optional<String> next = Optional.empty();
    do {
      var page = store.list(prefix, next).join();
      keys.addAll(page.keys());
      next = page.next();
    } while (next.isPresent());
    return keys;
  }

  /// What this call failed with.
  static Throwable failure(Runnable call) {
    try {
      call.run();
    } catch (CompletionException failed) {
      return Objects.requireNonNull(failed.getCause());
    }
    throw new AssertionError("it succeeded");
  }
}
