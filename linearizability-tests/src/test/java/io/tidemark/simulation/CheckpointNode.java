package io.tidemark.simulation;

import io.tidemark.base.Bytes;
import io.tidemark.checkpoint.Manifest;
import io.tidemark.checkpoint.StoredNotes;
import io.tidemark.log.Log;
import io.tidemark.statemachine.ViewStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The machine of the store of checkpoints. It watches what lies there and judges by itself what
/// must still be there, from the names and the order of the objects alone.
///
/// A checkpoint is *held* while it is not doomed; and, once it is, while somebody reads it who had
/// pinned it before, or makes another who had said before that he builds on it.
final class CheckpointNode implements SimBucket.Watcher {
  private static final String MAKING = "making/";
  private static final String PIECES = "pieces/";
  private static final String CHECKPOINTS = "checkpoints/";
  private static final String VERDICTS = "verdicts/";
  private static final String DOOMED = "doomed/";
  private static final String PINS = "pins/";
  private static final String FLOORS = "floors/";

  private final Evidence evidence;
  private final boolean clocksAreRight;
  private final SimBucket bucket;
  private final TreeMap<Long, Manifest> complete = new TreeMap<>();
  private final Set<Long> ended = new HashSet<>();
  private final Map<Long, Long> doomedAt = new HashMap<>();

  // Who uses which checkpoint, since when: by the name of the object that says so.
  private final Map<String, Use> uses = new HashMap<>();
  private long floor;
  private long time;

  private record Use(long position, long since) {}

  /// @param clocksAreRight whether nobody takes a fresh pin for an old one
  CheckpointNode(SimNode node, Evidence evidence, boolean clocksAreRight) {
    this.evidence = evidence;
    this.clocksAreRight = clocksAreRight;
    this.bucket = new SimBucket(node, "checkpoints", this);
  }

  SimNode node() {
    return bucket.node();
  }

  SimBucket bucket() {
    return bucket;
  }

  /// Up to where the log may be trimmed: the second newest of the checkpoints that may be relied
  /// on.
  long trimmable() {
    List<Long> verified =
        complete.descendingKeySet().stream()
            .filter(position -> isUsable(position) && isVerified(position))
            .limit(2)
            .toList();
    return verified.size() < 2 ? Log.START : verified.getLast();
  }

  /// The position of the newest checkpoint that may be relied on.
  long newestVerified() {
    return complete.descendingKeySet().stream()
        .filter(position -> isUsable(position) && isVerified(position))
        .findFirst()
        .orElse(Log.START);
  }

  private boolean isVerified(long position) {
    return bucket.objects().containsKey(VERDICTS + "%016x".formatted(position));
  }

  private boolean isUsable(long position) {
    return position >= floor && !doomedAt.containsKey(position);
  }

  @Override
  public void created(String key, Bytes body) {
    time++;
    StoredNotes.positionOf(CHECKPOINTS, key).ifPresent(position -> ended(position, key, body));
    StoredNotes.positionOf(DOOMED, key).ifPresent(this::doomed);
    StoredNotes.positionOf(FLOORS, key).ifPresent(position -> floor = Math.max(floor, position));
    if (clocksAreRight) {
      StoredNotes.positionOf(PINS, key)
          .ifPresent(position -> uses.put(key, new Use(position, time)));
    }
    StoredNotes.positionOf(MAKING, key).stream()
        .filter(position -> !ended.contains(position))
        .forEach(_ -> uses.put(key, new Use(StoredNotes.baseOf(key, body), time)));
    StoredNotes.positionOf(VERDICTS, key)
        .ifPresent(position -> {
          if (position >= floor && !complete.containsKey(position)) {
            evidence.brokenCheckpoints.add("the verdict at " + position + " is of nothing");
          }
          evidence.probes.met(Probe.CHECKPOINT_VERIFIED);
        });
  }

  private void doomed(long position) {
    doomedAt.putIfAbsent(position, time);
    if (complete.containsKey(position) && position >= floor) {
      evidence.probes.met(Probe.CHECKPOINT_DOOMED);
    }
  }

  private void ended(long position, String key, Bytes body) {
    uses.remove(MAKING + key.substring(CHECKPOINTS.length()));
    boolean isFirst = ended.add(position);
    if (position < floor) {
      // It came too late to be anything.
      return;
    }
    var manifest = StoredNotes.complete(key, body);
    if (manifest.isEmpty()) {
      evidence.probes.met(Probe.CHECKPOINT_GIVEN_UP);
      return;
    }
    if (!isFirst) {
      evidence.brokenCheckpoints.add("there were two checkpoints at " + position);
    }
    complete.put(position, manifest.get());
    evidence.probes.met(Probe.CHECKPOINT_MADE);
    try {
      look(position, manifest.get());
    } catch (IOException e) {
      evidence.brokenCheckpoints.add("the checkpoint at " + position + " is none: " + e);
    }
  }

  private void look(long position, Manifest manifest) throws IOException {
    var files = new ArrayList<byte[]>();
    for (Manifest.StoredFile file : manifest.files()) {
      var content = new ByteArrayOutputStream();
      for (String piece : StoredNotes.piecesOf(file)) {
        Bytes body = bucket.objects().get(piece);
        if (body == null) {
          evidence.brokenCheckpoints.add(
              "the checkpoint at " + position + " is complete and lacks " + piece);
          return;
        }
        content.writeBytes(body.toArray());
      }
      files.add(content.toByteArray());
    }
    if (manifest.files().stream()
        .flatMap(file -> file.pieces().stream())
        .anyMatch(piece -> piece.position() != position)) {
      evidence.probes.met(Probe.PIECES_SHARED);
    }
    ViewStore.Written written = ViewStore.Written.of(files);
    evidence.checkpoints.add(new Evidence.Checkpoint(position, written));
    evidence.viewStates.add(
        new Evidence.ViewState(
            "the checkpoint at " + position, 0, written.applied(), written.hash()));
  }

  @Override
  public void deleted(List<String> keys) {
    time++;
    keys.forEach(uses::remove);
    if (keys.stream().noneMatch(key -> key.startsWith(PIECES))) {
      return;
    }
    evidence.probes.met(Probe.PIECES_DELETED);
    var gone = new HashSet<>(keys);
    complete.forEach((position, manifest) -> {
      if (isHeld(position)) {
        manifest.files().stream()
            .flatMap(file -> StoredNotes.piecesOf(file).stream())
            .filter(gone::contains)
            .forEach(piece ->
                evidence.brokenCheckpoints.add(
                    piece + " was deleted, which the checkpoint at " + position + " needs"));
      }
    });
  }

  private boolean isHeld(long position) {
    Long doomed = doomedAt.get(position);
    return position >= floor
        && (doomed == null
            || uses.values().stream()
                .anyMatch(use -> use.position() == position && use.since() < doomed));
  }
}
