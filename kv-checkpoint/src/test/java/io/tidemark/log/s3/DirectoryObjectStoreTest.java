package io.tidemark.log.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.checkpoint.DirectoryObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A directory is an object store like any other.
class DirectoryObjectStoreTest extends ObjectStoreContract {
  @TempDir private Path root;
  private final List<ObjectStore> opened = new ArrayList<>();

  @Override
  ObjectStore open() {
    var store = DirectoryObjectStore.open(root);
    opened.add(store);
    return store;
  }

  @AfterEach
  void closeAll() {
    opened.forEach(ObjectStore::close);
  }

  @Test
  void whatAProcessWasWritingWhenItEndedIsRemovedByTheNext() throws Exception {
    var left = root.resolve(".writing");
    Files.createDirectories(left.resolve("dead"));
    Files.writeString(left.resolve("dead/0"), "half");
    Files.createFile(left.resolve("dead.lock"));
    var store = open();
    var other = open();
    assertThat(store.putIfAbsent("a/b", BODY).join()).isEqualTo(new ObjectStore.Creation.Created());
    assertThat(other.get("a/b").join()).contains(BODY);
    try (Stream<Path> there = Files.list(left)) {
      assertThat(there.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("dead"))
          .hasSize(5);
    }
    assertThat(all(store, "")).containsExactly("a/b");
    closeAll();
    try (Stream<Path> there = Files.list(left)) {
      assertThat(there.map(file -> file.getFileName().toString())).containsExactly("LOCK");
    }
  }

  @Test
  void foldersThatAreEmptyAreRemoved() {
    var store = open();
    var _ = store.putIfAbsent("a/b/c", BODY).join();
    store.delete(List.of("a/b/c")).join();
    assertThat(Files.exists(root.resolve("a"))).isFalse();
    assertThat(store.putIfAbsent("a/b/c", BODY).join())
        .isEqualTo(new ObjectStore.Creation.Created());
  }
}
